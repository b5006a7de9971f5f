using Microsoft.Extensions.Options;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Costs;

/// <summary>How often in a day (UTC) a user may have the platform lock XLM for him. In the wallet's turns.</summary>
internal sealed class UserBudgets(IOptions<BudgetOptions> options)
{
    // Each costs three reserves of what all users' openings may cost in a day.
    private const int ReopeningsPerUser = 2;

    /// <summary>Whether another claimable balance may be quoted; those that are not signed yet count too. Why not, or null.</summary>
    public Error? CheckClaimable(WalletState state, DateTimeOffset now)
    {
        var waiting = state.Payments.Count(payment => payment is
            { Method: PaymentMethod.ClaimableBalance, Signings: 0, Status: PaymentStatus.Pending or PaymentStatus.Queued });
        return Check(UserDay.Read(state, now).Claimables + waiting, options.Value.ClaimablesPerUser, "claimable_budget_used",
            "claimable balances", now);
    }

    /// <summary>Whether a user may have his key replaced once more, or why not.</summary>
    public Error? CheckKeyChange(WalletState state, DateTimeOffset now) =>
        Check(UserDay.Read(state, now).KeyChanges, options.Value.KeyChangesPerUser, "key_change_budget_used", "changes of the key", now);

    /// <summary>Whether friendbot is asked for a user once more, or why not.</summary>
    public Error? CheckFriendbot(WalletState state, DateTimeOffset now) =>
        Check(UserDay.Read(state, now).Friendbot, options.Value.FriendbotPerUser, "friendbot_budget_used", "gifts of friendbot", now);

    /// <summary>Whether a closed wallet may be opened once more, or why not.</summary>
    public Error? CheckReopening(WalletState state, DateTimeOffset now) =>
        Check(UserDay.Read(state, now).Reopenings, ReopeningsPerUser, "reopening_budget_used", "openings after a closing", now);

    /// <summary>Whether another invitation may be made, or why not: each sends a message to somebody who did not ask for it.</summary>
    public static Error? CheckInvitations(WalletState state, int most, DateTimeOffset now) =>
        Check(UserDay.Read(state, now).Invitations, most, "invitation_budget_used", "new invitations", now);

    private static Error? Check(int used, int most, string code, string what, DateTimeOffset now) => used < most
        ? null
        : new Error(ErrorKind.RateLimited, code, $"A wallet can have {most} {what} a day. There is room again at 00:00 UTC.",
            RetryAfter: UserDay.UntilTomorrow(now));
}
