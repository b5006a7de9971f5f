using StellarPay.Frontdoor.Me.Profiles;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Frontdoor.Recipients;
using StellarPay.Grains.Identifiers;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Frontdoor.Notices;

/// <summary>How a user of ours who paid a business is told of his money, and by what.</summary>
internal sealed class PayerReach(RecipientDirectory users, NoticeStore store, MessageTransports transports)
{
    /// <summary>How the user whose wallet an account is can be told; null where it is nobody's of ours, or he cannot be.</summary>
    /// <param name="from">The account that paid, <c>G…</c> or <c>M…</c>; null for none.</param>
    /// <param name="told">The address at which the customer is told already, or null.</param>
    /// <param name="cancellationToken">Cancels the query.</param>
    public async Task<PayerContact?> FindAsync(string? from, string? told, CancellationToken cancellationToken)
    {
        if (!MuxedAccount.TryParse(from ?? "", out var account)
            || await users.FindByAccountAsync(account.AccountId.ToString(), cancellationToken) is not { User: var user }
            || !(await store.FindAsync([user.Value], cancellationToken)).TryGetValue(user.Value, out var payer)
            || !(await store.OpenAsync([payer], cancellationToken)).TryGetValue(user.Value, out var names))
        {
            return null;
        }

        var channel = names.Email is not null && transports.Offers(MessageChannel.Email) ? MessageChannel.Email : MessageChannel.Sms;
        return (channel == MessageChannel.Email ? names.Email : names.Phone) is { } to && transports.Offers(channel)
            && !string.Equals(to, told, StringComparison.OrdinalIgnoreCase)
                ? new PayerContact(user, channel, to, payer.Profile)
                : null;
    }
}

/// <summary>A user of ours who paid, and how he is told.</summary>
internal sealed record PayerContact(UserId User, MessageChannel Channel, string To, Profile Profile)
{
    /// <summary>What is taken of the day to tell him.</summary>
    public MessageAsk Ask(bool isTakenBack) => new(MessageUse.Customer, Channel, To, User: User, IsTakenBack: isTakenBack);
}
