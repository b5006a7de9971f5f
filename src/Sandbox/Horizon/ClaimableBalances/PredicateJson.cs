using System.Text.Json;
using StellarPay.Sandbox.Horizon.Http;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Horizon.ClaimableBalances;

/// <summary>Claimants and their predicates as Horizon writes them.</summary>
internal static class PredicateJson
{
    private static readonly long LastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    public static void WriteClaimants(Utf8JsonWriter json, ValueList<Claimant> claimants)
    {
        json.WriteStartArray("claimants");
        foreach (var claimant in claimants)
        {
            json.WriteStartObject();
            json.WriteString("destination", claimant.Destination.ToString());
            json.WritePropertyName("predicate");
            Write(json, claimant.Predicate);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, ClaimPredicate predicate)
    {
        json.WriteStartObject();
        switch (predicate)
        {
            case ClaimUnconditional:
                json.WriteBoolean("unconditional", true);
                break;
            case ClaimAnd and:
                WriteOperands(json, "and", and.Operands);
                break;
            case ClaimOr or:
                WriteOperands(json, "or", or.Operands);
                break;
            case ClaimNot { Operand: { } operand }:
                json.WritePropertyName("not");
                Write(json, operand);
                break;
            case ClaimBeforeAbsoluteTime before:
                // Later times than the calendar's last have no ISO 8601 form; the seconds beside it are exact.
                json.WriteTime(
                    "abs_before",
                    DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(before.UnixSeconds, 0, LastSecond)));
                json.WriteDecimal("abs_before_epoch", before.UnixSeconds);
                break;
            case ClaimBeforeRelativeTime before:
                json.WriteDecimal("rel_before", before.Seconds);
                break;
        }

        json.WriteEndObject();
    }

    private static void WriteOperands(Utf8JsonWriter json, string name, ValueList<ClaimPredicate> operands)
    {
        json.WriteStartArray(name);
        foreach (var operand in operands)
        {
            Write(json, operand);
        }

        json.WriteEndArray();
    }
}
