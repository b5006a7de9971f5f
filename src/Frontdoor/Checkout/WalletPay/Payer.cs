using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Checkout.WalletPay;

/// <summary>Who is logged in to pay one session.</summary>
/// <param name="User">Whose wallet pays.</param>
/// <param name="Login">The session of his in which he does.</param>
/// <param name="Found">What the database says of that.</param>
internal sealed record Payer(UserId User, string Login, FoundSession Found);
