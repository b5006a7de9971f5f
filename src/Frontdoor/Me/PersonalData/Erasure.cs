using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Frontdoor.Errors;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>What came of an erasure.</summary>
/// <param name="IsErased">Whether he is gone.</param>
/// <param name="WalletSaid">Why his wallet is not given up, so that he stays; null where he may stay for another reason.</param>
internal readonly record struct ErasureEnd(bool IsErased, Error? WalletSaid = null);

/// <summary>
/// Removes people. It is decided where the session is held, in one short statement, and noted in the user's row. Then the wallet is given
/// up for good, which it is only where it holds nothing; then all goes in one transaction, with its entry in the audit log. Whoever is cut
/// off in between asks again, or <see cref="ErasuresUnderWay"/> goes on.
/// </summary>
internal sealed class Erasure(
    PasswordCheck passwords,
    StepUp stepUp,
    IGrainFactory grains,
    SessionBook sessions,
    ContactBook contacts,
    ErasureStore store,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    private static readonly Error Administrator = new(
        ErrorKind.Refused, "administrator_kept", "An administrator is not removed. Have the role taken away first.");

    private static readonly Error LastOwner = new(
        ErrorKind.Conflict, "last_owner", "You are the only owner of a business. Make somebody else its owner first.");

    /// <summary>Null if he is gone; else why not.</summary>
    public async Task<Problem?> EraseAsync(
        UserId user, string sessionId, string? password, SessionFacts session, CancellationToken cancellationToken)
    {
        if (await passwords.RequireAsync(user, sessionId, password, cancellationToken) is { } wrong)
        {
            return wrong;
        }

        // From here on the request is carried out even if the caller hangs up.
        var now = time.GetUtcNow();
        return await store.BeginAsync(user, sessionId, now) switch
        {
            ErasureBegin.Begun => await CarryOutAsync(user, now, stepUp.ProofOf(session)) switch
            {
                { IsErased: true } => null,
                { WalletSaid: { } error } => StepUp.Explain(error, session),
                _ => Problem.Of(Administrator),
            },
            ErasureBegin.SessionEnded => SessionGate.Over,
            ErasureBegin.LastOwner => Problem.Of(LastOwner),
            _ => Problem.Of(Administrator),
        };
    }

    /// <summary>Carries out what was decided; each step may be done any number of times.</summary>
    public async Task<ErasureEnd> CarryOutAsync(UserId user, DateTimeOffset since, PayerProof proof)
    {
        var wallet = grains.GetGrain<IWalletClosing>(WalletId.Of(user).Value);
        var retired = await Outcome.OfAsync(() => wallet.RetireAsync(user, proof));
        if (retired is { IsSuccess: false, Error: { Kind: not ErrorKind.NotFound } error })
        {
            await store.WithdrawAsync(user, since);
            return new ErasureEnd(IsErased: false, error);
        }

        // They would fail for ever, and name whom he paid.
        await grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user)).RetireAsync(user);
        await sessions.RemoveEndedAsync(user.Value, CancellationToken.None);
        await contacts.ForgetNamesAsync(user.Value, CancellationToken.None);
        return new ErasureEnd(await store.EraseAsync(user));
    }
}
