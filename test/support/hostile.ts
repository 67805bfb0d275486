/** What somebody might write where a page shows it again; whatever of it runs leaves `window.pwned`. */
export const hostileTexts: Readonly<Record<string, string>> = {
  'a script': '<script>pwned=1;alert(1)</script>',
  'the end of an attribute in double quotes': '"><img src=x onerror=pwned=1>',
  'the end of an attribute in single quotes': "'><svg onload=pwned=1>",
  'another attribute': '" autofocus onfocus="pwned=1" x="',
  'the end of other elements': '</textarea></title></style></script><script>pwned=1</script>',
  'a comment': '--><script>pwned=1</script><!--',
  'a script as a URL': 'javascript:pwned=1//',
  'a page as a URL': 'data:text/html,<script>alert(1)</script>',
  'a template': `{{pwned=1}}\${pwned=1}<%=pwned=1%>`,
  'references to characters': '&lt;script&gt;&#60;b&#x3e;&quot;',
  'another header': 'x\r\nSet-Cookie: pwned=1\r\n\r\n<script>pwned=1</script>',
  'text from right to left': 'a\u202edetpo\u2066b',
  'separators of lines': 'a\u2028b\u2029c',
  'a null byte': 'a\0<b>',
  pictures: '👩‍👩‍👧 🎉',
  'three hundred characters': 'x'.repeat(300),
}

/** All of them, in as few texts as fields can hold. */
export const hostileMouthfuls: readonly string[] =
  Object.values(hostileTexts)
    .join('')
    .match(/.{1,300}/gsu) ?? []

/** An e-mail address as far as anybody can tell, and shown again after its @. */
export const hostileEmail = 'jane@"><img/src=x/onerror=pwned=1>.example.com'

/** The tags of a page with the names of their attributes: what no text may add to. */
export function tagsOf(page: string): readonly string[] {
  return (page.match(/<[^>]*>?/g) ?? []).map((tag) => tag.replace(/="[^"]*"/g, ''))
}
