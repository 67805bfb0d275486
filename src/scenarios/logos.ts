import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { SetupError, whyUnreadable } from '../errors.ts'

/** A token requestor's logo, both files in base64. */
export type Logo = { readonly svg: string; readonly png: string }

/** What lies beside a token requestor's file. */
export type LogoFiles = { readonly [format in keyof Logo]: string | undefined }

/** Pixels of the PNG; an SVG may be larger. */
const pngSize = 192
const maximumSvgSize = 400

/**
 * `<name>.svg` and `<name>.png` of a folder.
 *
 * @throws {SetupError} one is there and cannot be read.
 */
export async function readLogoFiles(folder: string, name: string): Promise<LogoFiles> {
  const [svg, png] = await Promise.all([
    readBase64(join(folder, `${name}.svg`)),
    readBase64(join(folder, `${name}.png`)),
  ])
  return { svg, png }
}

async function readBase64(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'base64')
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new SetupError(`${path}: ${whyUnreadable(cause)}; a logo is a file`, { cause })
  }
}

/**
 * Why these files are no logo, each reason beginning with the file's name.
 *
 * @see [getAsset](https://developer.mastercard.com/mdes-token-connect/documentation/api-reference/): a PNG of 192 x 192 pixels, and a square
 * SVG of 192 to 400.
 */
export function logoFaults({ svg, png }: LogoFiles, name: string): readonly string[] {
  return [
    [`${name}.svg`, svg === undefined ? missing : svgFault(decoded(svg).toString('utf8'))],
    [`${name}.png`, png === undefined ? missing : pngFault(decoded(png))],
  ].flatMap(([file, fault]) => (fault === undefined ? [] : [`${file} ${fault}`]))
}

const missing = 'is missing beside this file; add it, or leave imageAssetId out'
const decoded = (base64: string) => Buffer.from(base64, 'base64')

const pngSignature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/** The size stands in the first chunk, IHDR. */
function pngFault(bytes: Buffer): string | undefined {
  const isWhole = bytes.subarray(-12).toString('latin1', 4, 8) === 'IEND'
  const isPng =
    bytes.length >= 24 &&
    bytes.subarray(0, 8).equals(pngSignature) &&
    bytes.toString('latin1', 12, 16) === 'IHDR'
  if (!isPng) return `is not a PNG; expected one of ${pngSize} x ${pngSize} pixels`
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width !== pngSize || height !== pngSize)
    return `has ${width} x ${height} pixels; expected ${pngSize} x ${pngSize}`
  return isWhole ? undefined : 'ends before its last chunk; expected a whole PNG'
}

function svgFault(text: string): string | undefined {
  const attributes = rootAttributes(text)
  const square = `expected a square of ${pngSize} to ${maximumSvgSize} pixels`
  if (attributes === undefined) return `does not begin with <svg>; ${square}`
  const size = svgSize(attributes)
  if (size === undefined) return `has neither width and height nor a viewBox; ${square}`
  const [width, height] = size
  if (width === height && width >= pngSize && width <= maximumSvgSize) return undefined
  return `is ${width} x ${height}; ${square}`
}

/** What may stand before the root: a byte order mark, spaces, the XML declaration, comments, a document type. */
const prologue = /^\uFEFF?(?:\s|<\?[\s\S]*?\?>|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>)*/i

/** What stands inside the `<svg …>` tag. */
function rootAttributes(text: string): string | undefined {
  return /^<svg((?:\s(?:"[^"]*"|'[^']*'|[^"'>])*)?)>/.exec(text.replace(prologue, ''))?.[1]
}

/** Width and height if both are pixels, otherwise those of the viewBox. */
function svgSize(attributes: string): readonly [width: number, height: number] | undefined {
  const attribute = (name: string) =>
    new RegExp(`\\s${name}\\s*=\\s*["']\\s*([^"']*?)\\s*["']`).exec(attributes)?.[1]
  const [, , ...box] = attribute('viewBox')?.split(/[\s,]+/) ?? []
  const sizes = [[attribute('width'), attribute('height')], box]
  for (const [width = '', height = ''] of sizes) {
    const pixels = /^\d+(?:\.\d+)?(?:px)?$/
    if (pixels.test(width) && pixels.test(height))
      return [Number.parseFloat(width), Number.parseFloat(height)]
  }
  return undefined
}
