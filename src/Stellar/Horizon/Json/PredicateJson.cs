using System.Text.Json;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Stellar.Horizon.Json;

internal sealed record BalanceClaimantJson
{
    public string? Destination { get; init; }

    public PredicateJson? Predicate { get; init; }
}

/// <summary>A claim predicate: Horizon writes one field, named by its kind.</summary>
internal sealed record PredicateJson
{
    public bool? Unconditional { get; init; }

    public List<PredicateJson>? And { get; init; }

    public List<PredicateJson>? Or { get; init; }

    public PredicateJson? Not { get; init; }

    /// <summary>The same moment as text is beside it, and cannot say those after the year 9999.</summary>
    public string? AbsBeforeEpoch { get; init; }

    public string? RelBefore { get; init; }

    /// <summary>The predicate; null where a part of it is of no kind that is known here.</summary>
    public ClaimPredicate? ToPredicateIfKnown()
    {
        try
        {
            return ToPredicate();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public ClaimPredicate ToPredicate() => this switch
    {
        { Unconditional: true } => ClaimUnconditional.Instance,
        { And: { } operands } => new ClaimAnd([.. operands.Select(operand => operand.ToPredicate())]),
        { Or: { } operands } => new ClaimOr([.. operands.Select(operand => operand.ToPredicate())]),
        { Not: { } operand } => new ClaimNot(operand.ToPredicate()),
        { AbsBeforeEpoch: { } seconds } => new ClaimBeforeAbsoluteTime(JsonField.Int64(seconds, "predicate.abs_before_epoch")),
        { RelBefore: { } seconds } => new ClaimBeforeRelativeTime(JsonField.Int64(seconds, "predicate.rel_before")),
        _ => throw JsonField.Wrong("predicate"),
    };
}
