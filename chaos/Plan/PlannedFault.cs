namespace StellarPay.Chaos.Plan;

/// <summary>One thing that goes wrong.</summary>
/// <param name="At">When, from the beginning.</param>
/// <param name="Kind">What.</param>
/// <param name="Point">The fault point, for the kinds that have one.</param>
/// <param name="Silo">Which silo, counted round.</param>
/// <param name="Count">How often.</param>
/// <param name="For">How long, for the kinds that last.</param>
/// <param name="Everywhere">Whether a fault of the network hits any request, rather than submissions alone.</param>
internal sealed record PlannedFault(
    TimeSpan At, FaultKind Kind, string? Point, int Silo, int Count, TimeSpan For, bool Everywhere);
