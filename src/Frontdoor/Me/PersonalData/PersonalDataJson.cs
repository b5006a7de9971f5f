using StellarPay.Frontdoor.Auth.Factors;
using StellarPay.Frontdoor.Auth.Sessions;
using StellarPay.Frontdoor.Contacts;
using StellarPay.Frontdoor.Invitations;
using StellarPay.Frontdoor.Merchants.Registration;
using StellarPay.Frontdoor.Schedules;
using StellarPay.Frontdoor.Wallets;

namespace StellarPay.Frontdoor.Me.PersonalData;

/// <summary>All that is known of a user.</summary>
/// <param name="Object">Always <c>personal_data</c>.</param>
/// <param name="ExportedAt">When it was read.</param>
/// <param name="User">Who he is, and how he is told things.</param>
/// <param name="SecondFactors">Which second factors he has; what they are made of is told to nobody.</param>
/// <param name="Wallet">His wallet; null where there is none.</param>
/// <param name="Contacts">Whom he keeps as contacts.</param>
/// <param name="Sessions">Where he is logged in.</param>
/// <param name="Schedules">His scheduled payments.</param>
/// <param name="Invitations">What he has set aside for people who were not here: what is open, and the latest that is over.</param>
/// <param name="Businesses">The businesses that he is of.</param>
/// <param name="Transactions">All that left his wallet or came into it, the newest first.</param>
internal sealed record PersonalDataJson(
    string Object,
    DateTimeOffset ExportedAt,
    MeJson User,
    FactorsJson SecondFactors,
    WalletJson? Wallet,
    IReadOnlyList<ContactJson> Contacts,
    IReadOnlyList<ActiveSessionJson> Sessions,
    IReadOnlyList<ScheduleJson> Schedules,
    IReadOnlyList<InvitationJson> Invitations,
    IReadOnlyList<MerchantJson> Businesses,
    IAsyncEnumerable<TransactionJson> Transactions);
