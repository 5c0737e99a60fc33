/** What API Gateway's HTTP API gives to a function, payload format 2.0, as far as it is read here. */
export interface GatewayEvent {
  /** Percent-decoded, but for `%25`. */
  readonly rawPath: string;
  /** As it was sent. */
  readonly rawQueryString: string;
  /** Names in lower case; several of one name are joined by commas. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
  /** Text where the content type is JSON, XML, JavaScript or `text/*`, else base64. */
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
}

/** The answer, payload format 2.0. */
export interface GatewayResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export interface LambdaContext {
  getRemainingTimeInMillis(): number;
}
