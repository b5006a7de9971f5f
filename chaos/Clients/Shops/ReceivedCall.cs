namespace StellarPay.Chaos.Clients.Shops;

/// <summary>What a merchant's server was sent.</summary>
/// <param name="EventId">The id in the headers.</param>
/// <param name="Type">The type in the body; null where there is none to read.</param>
/// <param name="Object">What it is in order of, or null.</param>
/// <param name="Sequence">That object's count of its changes; 0 where it is not told.</param>
/// <param name="Digest">A digest of the body.</param>
/// <param name="IsSigned">Whether both signatures are right.</param>
internal sealed record ReceivedCall(string EventId, string? Type, string? Object, long Sequence, string Digest, bool IsSigned);
