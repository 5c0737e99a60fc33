/** A generator as the body of an answer: asked for its next part when the one before has been taken. `ended` is called once. */
export const streamOf = (parts: AsyncGenerator<Uint8Array, void>, ended: () => void): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await parts.next();
          if (done !== true) return controller.enqueue(value);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        ended();
      },
      cancel: async () => {
        // What it waits for ends by the request's own signal, which the closing connection has given.
        void parts.return().finally(ended);
      },
    },
    { highWaterMark: 0 },
  );
