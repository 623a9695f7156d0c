// A ministry's OpenID Connect provider for the length of a test: the certified implementation, with our people in it.
// node provider.js '{"redirect": "...", "people": {"kim": {"preferred_username": "kim", "email": "…"}}}'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const { redirect, people } = JSON.parse(process.argv[2])
const server = createServer()

server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'bongsu',
        client_secret: 'a secret for tests',
        redirect_uris: [redirect],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  })
  server.on('request', provider.callback())
  console.log(issuer)
})
