namespace StellarPay.Grains.Platform;

/// <summary>Whence somebody comes who wants an account opened, as budgets count it. Says nothing of who he is.</summary>
/// <param name="Range">The network's part of his address: an IPv4 network of 24 bits, an IPv6 network of 64; null for none that counts.</param>
/// <param name="Domain">His e-mail address's domain in lower case; null where he has none.</param>
/// <param name="Invited">Whether somebody who has an account invited him.</param>
/// <param name="Reopened">Whether the account was open before, and closed. That he was invited once has had its use then.</param>
/// <param name="Dedicated">Whether it is nobody's own, but a payment session's for as long as that is open.</param>
[GenerateSerializer, Immutable, Alias("sp.OpeningOrigin")]
public sealed record OpeningOrigin(
    [property: Id(0)] ulong? Range = null,
    [property: Id(1)] string? Domain = null,
    [property: Id(2)] bool Invited = false,
    [property: Id(3)] bool Reopened = false,
    [property: Id(4)] bool Dedicated = false);
