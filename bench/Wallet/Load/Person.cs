namespace StellarPay.Bench.Wallet.Load;

/// <summary>Someone with a wallet: signed up, logged in.</summary>
/// <param name="Email">How others pay him.</param>
/// <param name="WalletId">The wallet.</param>
/// <param name="Token">The access token.</param>
internal sealed record Person(string Email, string WalletId, string Token);
