/** Why a tag that moves on its own is not promoted: what one environment ran is not what the next would get. */
export const movingTagReason =
  '`latest` names whatever was pushed last, not a version: pin a tag, or promote the digest with it.';

/** Whether a tag names another image with every push. One that carries its digest, `latest@sha256:…`, does not. */
export function isMovingTag(tag: string): boolean {
  return /^latest$/iu.test(tag);
}

/** Whether an image in one text, such as `ghcr.io/acme/web:latest`, has such a tag and no digest. */
export function isMovingImage(image: string): boolean {
  return /^[^@\s]+:latest$/iu.test(image);
}
