namespace StellarPay.Grains.Platform;

/// <summary>A signed fee-bump transaction.</summary>
/// <param name="Envelope">The envelope in base64 XDR.</param>
/// <param name="TransactionHash">The fee-bump's hash in lower-case hex.</param>
internal sealed record FeeBumped(string Envelope, string TransactionHash);
