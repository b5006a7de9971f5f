using Npgsql;
using StellarPay.Frontdoor.Auth.Users;
using StellarPay.Frontdoor.Messages;
using StellarPay.Frontdoor.Messages.Budgets;
using StellarPay.Grains;
using StellarPay.Grains.Identifiers;

namespace StellarPay.Frontdoor.Notices;

/// <summary>
/// Follows the feed of events and has people told of what concerns them. Any number of front doors may run it: one is at it at a time,
/// and an event's messages are written with the place of the cursor, so that nothing is told twice and nothing left out.
/// </summary>
internal sealed partial class NoticeFollower(
    NoticeStore store,
    NoticeComposer composer,
    MerchantReaders merchants,
    CustomerNotices customers,
    NoticeHours hours,
    MessageBudget budget,
    MessageBell bell,
    TimeProvider machine,
    [FromKeyedServices(BusinessTime.Key)] TimeProvider business,
    ILogger<NoticeFollower> logger) : BackgroundService
{
    // A notice may be a second late; so what happens in that second is read in one statement.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    // After a long stop, or in an installation that had no notices yet: nobody wants to hear today of what was last week.
    private static readonly TimeSpan TooOld = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await TakeAsync(stoppingToken);
                await TellWithheldAsync(stoppingToken);
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                // The host stops, and takes apart what is used here. A failure that left here would be the host's.
                return;
            }
            catch (Exception e)
            {
                // The cursor has not moved: the same events come again.
                LogFailed(logger, e);
                more = false;
            }

            if (!more)
            {
                await Task.Delay(LookAgain, machine, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // True where it pays to look at once.
    private async Task<bool> TakeAsync(CancellationToken stop)
    {
        var now = business.GetUtcNow();
        var costs = new PageCosts(budget);
        var isWritten = false;
        try
        {
            var (more, sent) = await store.TakePageAsync(NoticeComposer.Types, page => ComposeAsync(page, costs, now, stop), now, stop);
            isWritten = sent is not null;
            foreach (var channel in sent ?? [])
            {
                bell.Ring(channel);
            }

            return more;
        }
        finally
        {
            // Whatever the failure: an answer that was lost may have been a page that was written, and then a few are counted too little.
            if (!isWritten)
            {
                await costs.TakeBackAsync();
            }
        }
    }

    private async Task<IReadOnlyList<Notice>> ComposeAsync(NoticePage page, PageCosts costs, DateTimeOffset now, CancellationToken stop)
    {
        // Of his money, and what waits until he has been told, somebody hears however late; also by a test clock of long ago.
        var fresh = page.Events
            .Where(happened => happened.Owner is not null && (happened.OccurredAt > now - TooOld || MerchantReaders.IsOfMerchant(happened)))
            .ToArray();
        if (fresh.Length == 0)
        {
            return [];
        }

        var events = await merchants.ToPeopleAsync(fresh, stop);
        var told = await store.FindAsync(events.Select(happened => happened.Owner!), stop);
        var drafts = events.Where(happened => told.ContainsKey(happened.Owner!))
            .SelectMany(happened => composer.Of(happened, told[happened.Owner!])).ToArray();
        var names = await store.OpenAsync(drafts.Select(draft => draft.Told), stop);
        // What will be kept back anyway takes nothing of the day, which is everybody's; but it is counted and told at the window's end.
        var room = await hours.ReadAsync(drafts, now, stop);
        var notices = drafts.Select(draft => (Draft: draft, Message: MessageOf(draft, names)))
            .Where(notice => notice.Message is not null)
            .Select(notice => new Notice(notice.Draft.Told.User, notice.Draft.Kind, notice.Message!, IsPaid: room.Take(notice.Draft)))
            .ToArray();
        var paid = (await WithinBudgetAsync([.. notices.Where(notice => notice.IsPaid)], costs, stop)).ToHashSet();
        return [.. notices.Where(notice => !notice.IsPaid || paid.Contains(notice)), .. await customers.ComposeAsync(fresh, costs, stop)];
    }

    // Null for somebody who has been erased meanwhile, or whose names cannot be read.
    private Message? MessageOf(Draft draft, IReadOnlyDictionary<string, UserNames> names) =>
        names.TryGetValue(draft.Told.User, out var known)
        && (draft.Channel == MessageChannel.Email ? known.Email : known.Phone) is { } to
            ? composer.Address(draft, to)
            : null;

    // What the day does not have is left unsaid, not put off: tomorrow it is no news, and would use up tomorrow.
    private async Task<IEnumerable<Notice>> WithinBudgetAsync(IReadOnlyList<Notice> notices, PageCosts costs, CancellationToken stop)
    {
        var answers = await budget.TakeAsync(
            [.. notices.Select(notice => new MessageAsk(
                UseOf(notice.Kind), notice.Message.Channel, notice.Message.To, User: UserId.Parse(notice.User)))],
            stop);
        foreach (var share in answers.Select(answer => answer.Share).OfType<MessageShare>())
        {
            costs.Took(share);
        }

        foreach (var (notice, answer) in notices.Zip(answers).Where(one => one.Second.Share is null))
        {
            MessageTelemetry.Ended(notice.Message.Channel, "over_budget");
            // What somebody has used up himself is no alarm; that nobody is told of what concerns his safety any more is one.
            var level = notice.Kind is NoticeKind.Money or NoticeKind.Recipients ? LogLevel.Debug
                : answer.IsOwnUsedUp ? LogLevel.Information : LogLevel.Error;
            LogOverBudget(logger, level, notice.Kind, notice.Message.Channel, notice.User);
        }

        return notices.Zip(answers).Where(one => one.Second.Share is not null).Select(one => one.First);
    }

    private static MessageUse UseOf(NoticeKind kind) => kind switch
    {
        NoticeKind.Money => MessageUse.Money,
        NoticeKind.Recipients => MessageUse.Recipients,
        NoticeKind.Login => MessageUse.Login,
        NoticeKind.Settings => MessageUse.Settings,
        _ => MessageUse.Security,
    };

    private async Task TellWithheldAsync(CancellationToken stop)
    {
        var now = business.GetUtcNow();
        var all = await store.ReadWithheldAsync(now, stop);
        if (all.Count == 0)
        {
            return;
        }

        var told = await store.FindAsync(all.Select(what => what.User), stop);
        var drafts = all.ToDictionary(
            what => what, what => told.TryGetValue(what.User, out var whom) ? composer.Of(what, whom) : null);
        var names = await store.OpenAsync(drafts.Values.OfType<Draft>().Select(draft => draft.Told), stop);
        foreach (var what in all)
        {
            var digest = drafts[what] is { } draft ? MessageOf(draft, names) : null;
            var costs = new PageCosts(budget);
            try
            {
                Notice[] one = digest is null ? [] : [new Notice(what.User, what.Kind, digest, IsPaid: true)];
                var isWithin = (await WithinBudgetAsync(one, costs, stop)).Any();
                if (digest is not null && !isWithin)
                {
                    // Not forgotten: another front door may have had the last of the day, and tomorrow has more.
                    await store.PutOffAsync(what, now, stop);
                }
                else if (!await store.WriteDigestAsync(what, digest, now, stop))
                {
                    // Another front door has told it.
                    await costs.TakeBackAsync();
                }
                else if (digest is not null)
                {
                    bell.Ring(what.Channel);
                }
            }
            catch (Exception e) when (!stop.IsCancellationRequested)
            {
                // One that cannot be written keeps none of the others, which are looked at again by their age.
                LogPutOff(logger, e, what.User);
                await costs.TakeBackAsync();
                await store.PutOffAsync(what, now, stop);
            }
        }
    }

    [LoggerMessage(EventId = 5612, Message = "A notice of {Kind} by {Channel} was not sent to {User}: his day's budget of messages, or everybody's, is used up.")]
    private static partial void LogOverBudget(ILogger logger, LogLevel level, NoticeKind kind, MessageChannel channel, string user);

    [LoggerMessage(EventId = 5614, Level = LogLevel.Warning, Message = "What was kept back of {User}'s notices could not be told; it is tried again in an hour.")]
    private static partial void LogPutOff(ILogger logger, Exception exception, string user);

    [LoggerMessage(EventId = 5611, Level = LogLevel.Warning, Message = "Notices could not be made; the same events are looked at again.")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
