namespace StellarPay.Tests.Shared.Calls;

/// <summary>One kind of grain calls another.</summary>
/// <param name="From">The caller's grain type.</param>
/// <param name="To">The callee's grain type.</param>
/// <param name="Waits">Whether the caller may wait for the callee: it calls another grain, and not one-way.</param>
internal sealed record GrainCall(string From, string To, bool Waits);
