import { builtinModules } from 'node:module';

const BUILTIN = new RegExp(`^(?:node:)?(?:${builtinModules.filter((name) => !name.startsWith('_')).join('|')})$`);
const NAME = /^[A-Za-z_$][\w$]*$/;

/** Every name is an export of its own, so that those which nobody imports are shaken off unread. */
const sourceOf = (path) => {
  const names = Object.keys(process.getBuiltinModule(path)).filter((name) => NAME.test(name) && name !== 'default');
  return [
    `const builtin = process.getBuiltinModule(${JSON.stringify(path)});`,
    'export default builtin;',
    ...names.map(
      (name) => `const _${name} = /* @__PURE__ */ (() => builtin.${name})(); export { _${name} as ${name} };`,
    ),
  ].join('\n');
};

/**
 * For esbuild: Node's own modules, of which only what is used is read. An `import` of one reads every property that it has, and some of
 * them are getters that load a great deal: `node:http` loads a whole second HTTP client for the sake of its `WebSocket`.
 */
export const plainBuiltins = {
  name: 'plain-builtins',
  setup(bundle) {
    bundle.onResolve({ filter: BUILTIN }, ({ path }) => ({ path, namespace: 'builtin', sideEffects: false }));
    bundle.onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: sourceOf(path), loader: 'js' }));
  },
};
