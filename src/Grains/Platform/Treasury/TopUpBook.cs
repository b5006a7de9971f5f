using StellarPay.Grains.Accounts;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>Who has had a top-up and who is getting one, of the treasury's state. Touches nothing else.</summary>
/// <param name="state">The treasury as it is stored.</param>
/// <param name="topUpStroops">What an account gets.</param>
/// <param name="dayStroops">What all of them get in a day (UTC) at most.</param>
internal sealed class TopUpBook(TreasuryState state, long topUpStroops, long dayStroops) : ISubmissionParty
{
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(10);

    private static readonly Error TooSoon = new(
        ErrorKind.RateLimited, "top_up_too_soon", "The account was topped up less than ten minutes ago.");

    /// <summary>The error code where the day's budget does not suffice.</summary>
    public const string BudgetUsedCode = "top_up_budget_used";

    /// <summary>Another account is being topped up.</summary>
    public static Error Busy { get; } = new(ErrorKind.Conflict, "treasury_busy",
        "Another account is being topped up; one goes at a time. Please try again in a few seconds.");

    /// <summary>
    /// What an account is answered that asks: the hash of what is under way for it, or why there is nothing for it now; null
    /// where it may have one.
    /// </summary>
    public Result<string>? Judge(string account, DateTimeOffset now)
    {
        if (state.Submission is { } underWay)
        {
            return AccountOf(underWay) == account ? underWay.PresentHash() : Busy;
        }

        if (state.Recent.Any(mark => mark.Account == account && now - mark.At < OncePer))
        {
            return TooSoon;
        }

        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var sent = state.Sent?.Day == today ? state.Sent.Stroops : 0;
        return sent + topUpStroops <= dayStroops
            ? null
            : (Result<string>)new Error(ErrorKind.RateLimited, BudgetUsedCode,
                "The treasury has sent as much as it may today. An operator can raise StellarPay:Budgets:TreasuryXlmPerDay, or send XLM himself.");
    }

    /// <summary>Who gets a top-up; <see cref="TrustWork.Subject"/> where nobody does.</summary>
    public static string AccountOf(Submission submission) => submission.Operations[0].Subject;

    /// <summary>The mark is stored with the transaction: whatever becomes of that, the next is ten minutes later.</summary>
    public void Signed(Submission submission)
    {
        if (AccountOf(submission) == TrustWork.Subject)
        {
            return;
        }

        state.Recent =
        [
            .. state.Recent.Where(mark => mark.Account != AccountOf(submission) && submission.SignedAt - mark.At < OncePer),
            new TopUpMark(AccountOf(submission), submission.SignedAt),
        ];
        var day = DayOf(submission);
        state.Sent = new TopUpsSent(day, (state.Sent?.Day == day ? state.Sent.Stroops : 0) + topUpStroops);
    }

    /// <summary>Nothing more: the account's grain sees for itself what it has.</summary>
    public void Landed(Submission submission, Landing landing)
    {
    }

    /// <summary>It is none of what was sent today; the account may ask again when its ten minutes are over.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
        if (AccountOf(submission) != TrustWork.Subject && state.Sent is { } sent && sent.Day == DayOf(submission))
        {
            state.Sent = sent with { Stroops = Math.Max(0, sent.Stroops - topUpStroops) };
        }
    }

    private static DateOnly DayOf(Submission submission) => DateOnly.FromDateTime(submission.SignedAt.UtcDateTime);
}
