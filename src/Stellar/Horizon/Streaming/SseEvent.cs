namespace StellarPay.Stellar.Horizon.Streaming;

/// <summary>One server-sent event.</summary>
/// <param name="Type">Its type; "message" where none was given.</param>
/// <param name="Data">Its data; valid until the next read.</param>
internal readonly record struct SseEvent(string Type, ReadOnlyMemory<byte> Data);
