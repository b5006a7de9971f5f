using System.Globalization;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Schedules;

/// <summary>Reads a request for a schedule; what is paid follows the rules of a quote.</summary>
internal static class ScheduleRules
{
    public const int MaxOpen = 50;
    public const int KeptOver = 20;

    private const int MaxCount = 1_000;
    private const int MaxYearsAhead = 5;
    private static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(1);

    /// <summary>The schedule that a request asks for, or which of its fields is wrong.</summary>
    public static Result<ScheduleRecord> Read(
        ScheduleRequest request, string ownAddress, IReadOnlyList<string> assets, ScheduleId id, DateTimeOffset now)
    {
        var read = QuoteRules.Read(
            new QuoteRequest(
                request.Destination, request.Recipient, request.Asset, request.Amount, request.Memo, request.IdempotencyKey),
            ownAddress, assets);
        if (!read.IsSuccess)
        {
            return read.Error;
        }

        if (CheckTimes(request, now) is { } wrong)
        {
            return wrong;
        }

        var terms = read.Value;
        var record = new ScheduleRecord
        {
            Id = id.Value,
            Status = ScheduleStatus.Active,
            Recipient = terms.Recipient,
            Destination = terms.Destination,
            Asset = terms.Asset.Canonical,
            Stroops = terms.Stroops,
            Memo = terms.Memo,
            Frequency = request.Frequency,
            StartAt = request.StartAt,
            TimeZone = request.TimeZone,
            DayOfMonth = request.DayOfMonth,
            EndAt = request.EndAt,
            Count = request.Count,
            CreatedAt = now,
            IsProven = request.Proof == PayerProof.FactorShown ? true : null,
        };
        record.MoveTo(1);
        return record.NextAt is null
            ? Invalid("end_at", "No occurrence falls between 'start_at' and 'end_at'.")
            : record;
    }

    /// <summary>A hash of what a request asks for.</summary>
    public static string FingerprintOf(ScheduleRequest request) => IdempotencyLedger.Fingerprint(
        request.Destination, request.Recipient, request.Asset, request.Amount, request.Memo, request.Frequency.ToString(),
        Text(request.StartAt), request.TimeZone, Text(request.DayOfMonth), Text(request.EndAt), Text(request.Count));

    private static Error? CheckTimes(ScheduleRequest request, DateTimeOffset now)
    {
        if (!Recurrence.IsTimeZone(request.TimeZone))
        {
            return Invalid("time_zone", "'time_zone' must be an IANA time zone such as Europe/Paris.");
        }

        if (request.StartAt < now - Tolerance || request.StartAt > now.AddYears(MaxYearsAhead))
        {
            return Invalid("start_at", $"'start_at' must be in the future, at most {MaxYearsAhead} years ahead.");
        }

        var once = request.Frequency == Frequency.Once;
        return request switch
        {
            { DayOfMonth: not null } when request.Frequency != Frequency.Monthly =>
                Invalid("day_of_month", "'day_of_month' is for monthly payments only."),
            { DayOfMonth: < 1 or > 31 } => Invalid("day_of_month", "'day_of_month' must be 1 to 31."),
            { Count: not null } when once => Invalid("count", "'count' is not for a payment that is made once."),
            { Count: < 1 or > MaxCount } => Invalid("count", $"'count' must be 1 to {MaxCount}."),
            { EndAt: not null } when once => Invalid("end_at", "'end_at' is not for a payment that is made once."),
            { EndAt: { } end } when end < request.StartAt => Invalid("end_at", "'end_at' must not be before 'start_at'."),
            _ => null,
        };
    }

    private static string? Text(int? value) => value?.ToString(CultureInfo.InvariantCulture);

    private static string? Text(DateTimeOffset? value) => value?.ToString("O", CultureInfo.InvariantCulture);

    private static Error Invalid(string param, string message) =>
        new(ErrorKind.InvalidRequest, "parameter_invalid", message, param);
}
