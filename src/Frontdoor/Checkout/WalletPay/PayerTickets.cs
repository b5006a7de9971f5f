using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StellarPay.Frontdoor.Auth.Tokens;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// Tickets as browsers keep them: sealed (AES-256-GCM) for one payment session, in a cookie of its own. Who has one can read nothing in it,
/// and can show it at that session's pages alone; it is no token of the API's.
/// </summary>
/// <param name="secret">What its key is derived from.</param>
/// <param name="origin">The pages' own, as it is set; empty for none.</param>
/// <param name="business">The business's time.</param>
internal sealed class PayerTickets(byte[] secret, string origin, TimeProvider business)
{
    /// <summary>How long somebody is logged in for a payment.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int MostCharacters = 1024;

    private readonly byte[] _key = TokenSecret.DeriveKey(secret, "stellarpay/checkout/payer/v1"u8);

    /// <summary>The ticket that a request brings for a session; null where it brings none that counts.</summary>
    public PayerTicket? Find(HttpContext context, string session)
    {
        if (context.Request.Cookies[NameOf(context, session)] is not { Length: <= MostCharacters } text)
        {
            return null;
        }

        var bytes = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length) || length <= NonceBytes + TagBytes)
        {
            return null;
        }

        return Open(bytes.AsSpan(0, length), session) is { } ticket && ticket.Until > business.GetUtcNow() ? ticket : null;
    }

    /// <summary>Puts a ticket in the place of the one before.</summary>
    public void Give(HttpContext context, string session, PayerTicket ticket) => Set(context, session, Seal(ticket, session), Lifetime);

    /// <summary>A new ticket of a full life.</summary>
    public PayerTicket New(string? user = null, string? challenge = null, string? login = null, string? sent = null) =>
        new(business.GetUtcNow() + Lifetime, user, challenge, login, sent);

    /// <summary>Takes the ticket away.</summary>
    public void Remove(HttpContext context, string session)
    {
        if (context.Request.Cookies.ContainsKey(NameOf(context, session)))
        {
            Set(context, session, "", TimeSpan.Zero);
        }
    }

    // One answer sets a cookie once (RFC 6265): what it was given last.
    private void Set(HttpContext context, string session, string value, TimeSpan lasts)
    {
        var (name, headers) = (NameOf(context, session), context.Response.Headers);
        headers.SetCookie = headers.SetCookie.Where(each => each?.StartsWith($"{name}=", StringComparison.Ordinal) is not true).ToArray();
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true, Secure = IsSecure(context), SameSite = SameSiteMode.Strict, Path = "/", MaxAge = lasts, IsEssential = true,
        });
    }

    // By the name of the session, so that two of them do not take each other's. With the prefix no other host, and nobody on the way, sets
    // one (RFC 6265bis); that wants HTTPS and the whole of the host.
    private string NameOf(HttpContext context, string session) => $"{(IsSecure(context) ? "__Host-" : "")}payer-{session}";

    // As browsers see it, whatever a proxy says or does not.
    private bool IsSecure(HttpContext context) => context.Request.IsHttps || origin.StartsWith("https:", StringComparison.Ordinal);

    private string Seal(PayerTicket ticket, string session)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(ticket);
        var bytes = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(_key, TagBytes);
        aes.Encrypt(
            bytes.AsSpan(0, NonceBytes), plain, bytes.AsSpan(NonceBytes, plain.Length), bytes.AsSpan(NonceBytes + plain.Length),
            Encoding.ASCII.GetBytes(session));
        CryptographicOperations.ZeroMemory(plain);
        return Base64Url.EncodeToString(bytes);
    }

    private PayerTicket? Open(ReadOnlySpan<byte> bytes, string session)
    {
        var plain = new byte[bytes.Length - NonceBytes - TagBytes];
        try
        {
            using var aes = new AesGcm(_key, TagBytes);
            aes.Decrypt(bytes[..NonceBytes], bytes[NonceBytes..^TagBytes], bytes[^TagBytes..], plain, Encoding.ASCII.GetBytes(session));
            return JsonSerializer.Deserialize<PayerTicket>(plain);
        }
        catch (CryptographicException)
        {
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }
}
