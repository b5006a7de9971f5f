using StellarPay.Adapters.Postgres.Events;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Grains.Events;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// What a business decided about a customer's money, told to him: at the address that it gave for him, and to the user of ours who paid,
/// whom it cannot leave out.
/// </summary>
internal sealed partial class CustomerNotices(
    MerchantReaders readers, PayerReach payers, NoticeComposer composer, MessageBudget budget, ILogger<CustomerNotices> logger)
{
    /// <summary>The notices of a page of events. One by one: they are few, and of each the day is asked for its part.</summary>
    public async Task<IReadOnlyList<Notice>> ComposeAsync(FeedEvent[] events, PageCosts costs, CancellationToken stop)
    {
        var notices = new List<Notice>();
        foreach (var happened in events.Where(MerchantReaders.IsOfMerchant))
        {
            var merchant = MerchantId.Parse(happened.Owner);
            var email = await readers.EmailOfCustomerAsync(happened, stop);
            if (email is not null && composer.OfCustomer(happened, MessageChannel.Email, email) is { } message
                && await IsWithinBudgetAsync(happened, AskOf(message, merchant), merchant.Value, costs, stop))
            {
                notices.Add(new Notice(merchant.Value, NoticeKind.Customer, message, IsPaid: true));
            }

            if (await OfPayerAsync(happened, email, costs, stop) is { } notice)
            {
                notices.Add(notice);
            }
        }

        return notices;
    }

    private static MessageAsk AskOf(Message message, MerchantId merchant) =>
        new(MessageUse.Customer, message.Channel, message.To, Merchant: merchant, IsTakenBack: true);

    // For what was decided it was taken before that was, or it would not have been.
    private async Task<bool> IsWithinBudgetAsync(
        FeedEvent happened, MessageAsk ask, string whose, PageCosts costs, CancellationToken stop) =>
        happened.Type == EventTypes.RefundAddressSet || await TakeAsync(ask, whose, costs, stop);

    private async Task<Notice?> OfPayerAsync(FeedEvent happened, string? told, PageCosts costs, CancellationToken stop) =>
        await payers.FindAsync(MerchantReaders.PayerOf(happened), told, stop) is { } payer
        && composer.OfCustomer(happened, payer.Channel, payer.To, payer.Profile) is { } message
        && await IsWithinBudgetAsync(happened, payer.Ask(isTakenBack: true), payer.User.Value, costs, stop)
            ? new Notice(payer.User.Value, NoticeKind.Customer, message, IsPaid: true)
            : null;

    private async Task<bool> TakeAsync(MessageAsk ask, string whose, PageCosts costs, CancellationToken stop)
    {
        if (await budget.TakeAsync(ask, stop) is { } share)
        {
            costs.Took(share);
            return true;
        }

        MessageTelemetry.Ended(ask.Channel, "over_budget");
        LogOverBudget(logger, ask.Channel, whose);
        return false;
    }

    [LoggerMessage(EventId = 3291, Level = LogLevel.Warning, Message = "A customer of {Whose} was not told by {Channel} where his money goes: the day's budget of messages is used up.")]
    private static partial void LogOverBudget(ILogger logger, MessageChannel channel, string whose);
}
