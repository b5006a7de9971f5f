using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.HttpResults;
using StellarPay.Adapters.Postgres.Payments;
using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Frontdoor.Invitations;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Schedules;
using StellarPay.Frontdoor.Wallets;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Results;
using StellarPay.Grains.Schedules;
using StellarPay.Grains.Wallets;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>Gathers what is known of a user. His history is read while it is sent, a page at a time: it may be long.</summary>
internal sealed class PersonalDataReader(
    MeReader me,
    FactorStore factors,
    ContactBook contacts,
    SessionBook sessions,
    IPaymentHistory history,
    InvitationSeal seal,
    MerchantBook merchants,
    IGrainFactory grains,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider time)
{
    public static Error NoSuchUser { get; } = new(ErrorKind.NotFound, "user_not_found", "There is no such user.");

    /// <summary>Null where there is no such user.</summary>
    public async Task<PersonalDataJson?> ReadAsync(UserId user, string? session, CancellationToken cancellationToken)
    {
        if ((await me.ReadAsync(user, cancellationToken)).Result is not Ok<MeJson> { Value: { } person })
        {
            return null;
        }

        var summary = await factors.SummarizeAsync(user, cancellationToken);
        var wallet = await grains.GetGrain<IWalletGrain>(WalletId.Of(user).Value).GetAsync(user);
        var schedules = await grains.GetGrain<IScheduleBookGrain>(ScheduleBooks.KeyOf(user)).ListAsync(user);
        var invitations = await InvitationsApi.AllAsync(grains, user);
        return new PersonalDataJson(
            "personal_data",
            time.GetUtcNow(),
            person,
            new FactorsJson("second_factors", summary.Totp, summary.RecoveryCodesLeft, summary.Passkeys),
            wallet.IsSuccess ? WalletJson.Of(wallet.Value) : null,
            [.. (await contacts.ListAsync(user, cancellationToken)).Select(ContactJson.Of)],
            [.. (await sessions.ListAsync(user, cancellationToken)).Select(one => ActiveSessionJson.Of(one, session))],
            [.. schedules.IsSuccess ? schedules.Value.Select(ScheduleJson.Of) : []],
            await seal.OpenAsync(user, invitations.IsSuccess ? invitations.Value : [], cancellationToken),
            [.. (await merchants.OfAsync(user, cancellationToken)).Select(MerchantJson.Of)],
            TransactionsAsync(WalletId.Of(user), cancellationToken));
    }

    private async IAsyncEnumerable<TransactionJson> TransactionsAsync(
        WalletId wallet, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        HistoryCursor? before = null;
        IReadOnlyList<HistoryEntry> page;
        do
        {
            page = await history.ReadAsync(wallet, before, IPaymentHistory.MaxLimit, cancellationToken);
            foreach (var entry in page)
            {
                yield return TransactionJson.Of(entry);
                before = entry.Cursor;
            }
        }
        while (page.Count == IPaymentHistory.MaxLimit);
    }
}
