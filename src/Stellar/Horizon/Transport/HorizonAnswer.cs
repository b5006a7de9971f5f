using System.Net;

namespace StellarPay.Stellar.Horizon.Transport;

/// <summary>What came back for a request: status, body and how long to wait, if it says so.</summary>
internal readonly record struct HorizonAnswer(HttpStatusCode Status, ReadOnlyMemory<byte> Body, TimeSpan? RetryAfter);
