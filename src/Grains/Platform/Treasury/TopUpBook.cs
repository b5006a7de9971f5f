using StellarPay.Grains.Accounts;
using StellarPay.Grains.Results;

namespace StellarPay.Grains.Platform.Treasury;

/// <summary>Who has had a top-up and who is getting one, of the treasury's state. Touches nothing else.</summary>
internal sealed class TopUpBook(TreasuryState state) : ISubmissionParty
{
    private static readonly TimeSpan OncePer = TimeSpan.FromMinutes(10);

    private static readonly Error TooSoon = new(
        ErrorKind.RateLimited, "top_up_too_soon", "The account was topped up less than ten minutes ago.");

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

        return state.Recent.Any(mark => mark.Account == account && now - mark.At < OncePer) ? (Result<string>)TooSoon : null;
    }

    /// <summary>Who gets a top-up.</summary>
    public static string AccountOf(Submission submission) => submission.Operations[0].Subject;

    /// <summary>The mark is stored with the transaction: whatever becomes of that, the next is ten minutes later.</summary>
    public void Signed(Submission submission) => state.Recent =
    [
        .. state.Recent.Where(mark => mark.Account != AccountOf(submission) && submission.SignedAt - mark.At < OncePer),
        new TopUpMark(AccountOf(submission), submission.SignedAt),
    ];

    /// <summary>Nothing more: the account's grain sees for itself what it has.</summary>
    public void Landed(Submission submission, Landing landing)
    {
    }

    /// <summary>Nothing more: the account may ask again when its ten minutes are over.</summary>
    public void Refused(Submission submission, Refusal refusal)
    {
    }
}
