/** An issuer's project, as Mastercard hands it out. */
export type IssuerProject = {
  /** Where the API is, before `/mdes`: `http://localhost:6337`, or `https://sandbox.api.mastercard.com`. */
  readonly url: string
  /** 97 characters. */
  readonly consumerKey: string
  /** The private signing key in PEM. */
  readonly signingKey: string
  /** The certificate for payload encryption in PEM. */
  readonly encryptionCertificate: string
  /** Default RSA-SHA256. */
  readonly signatureMethod?: 'RSA-SHA256' | 'RSA-PSS-SHA256'
  /** Hash of RSA-OAEP. Default SHA-512. */
  readonly oaepHash?: 'SHA-256' | 'SHA-512'
  /** Instead of the global one, such as the `fetch` of a simulator without a socket. */
  readonly fetch?: (request: Request) => Promise<Response>
}

/**
 * A request with the OAuth 1.0a header of Mastercard's signer, over exactly this body; without one it is a GET.
 *
 * @param call `scenario`: a simulator's scenario to play.
 */
export async function signed(
  project: IssuerProject,
  {
    path,
    body,
    scenario,
  }: { readonly path: string; readonly body?: string; readonly scenario?: string | undefined },
): Promise<Request> {
  const url = project.url.replace(/\/+$/, '') + path
  const method = body === undefined ? 'GET' : 'POST'
  return new Request(url, {
    method,
    headers: {
      Authorization: await authorizationOf(project, { url, method, body }),
      ...(body !== undefined && { 'Content-Type': 'application/json; charset=UTF-8' }),
      Accept: 'application/json; charset=UTF-8',
      ...(scenario !== undefined && { 'X-Simulator-Scenario': scenario }),
    },
    ...(body !== undefined && { body }),
  })
}

/** The OAuth 1.0a header of Mastercard's signer, over exactly this body. */
export async function authorizationOf(
  { consumerKey, signingKey, signatureMethod = 'RSA-SHA256' }: IssuerProject,
  {
    url,
    method,
    body,
  }: { readonly url: string; readonly method: string; readonly body?: string | undefined },
): Promise<string> {
  const { default: oauth } = await import('mastercard-oauth1-signer')
  return oauth.getAuthorizationHeader(
    url,
    method,
    body ?? null,
    consumerKey,
    signingKey,
    signatureMethod,
  )
}

/**
 * @throws the network's error.
 */
export async function send(
  project: IssuerProject,
  request: Request,
): Promise<{ readonly response: Response; readonly text: string }> {
  // The body of a Request can be read once; the caller may want to show it.
  const response = await (project.fetch ?? fetch)(request.clone() as Request)
  return { response, text: await response.text() }
}
