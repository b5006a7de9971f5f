namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>
/// How far a payer has come who pays a session from his wallet here. One of a challenge, a login and a sent payment is there.
/// </summary>
/// <param name="Until">Until when it counts.</param>
/// <param name="User">Whose wallet it is; null before a login is whole.</param>
/// <param name="Challenge">The login that waits for his second factor.</param>
/// <param name="Login">The session in which he may pay.</param>
/// <param name="Sent">The payment that he has confirmed: from then on only that can be looked at.</param>
/// <param name="Quoted">What a click would have paid, or has: the answer to the click may never come, and this is kept by then.</param>
internal sealed record PayerTicket(
    DateTimeOffset Until, string? User, string? Challenge = null, string? Login = null, string? Sent = null, string? Quoted = null)
{
    // It is a credential.
    public override string ToString() => nameof(PayerTicket);
}
