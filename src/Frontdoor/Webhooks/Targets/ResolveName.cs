using System.Net;

namespace StellarPay.Frontdoor.Webhooks.Targets;

/// <summary>Finds the addresses of a name that a merchant gave.</summary>
internal delegate Task<IPAddress[]> ResolveName(string host, CancellationToken cancellationToken);
