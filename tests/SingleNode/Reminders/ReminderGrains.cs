namespace StellarPay.SingleNode.Tests.Reminders;

[Alias("tests.IReminded")]
public interface IReminded : IGrainWithStringKey
{
    [Alias("Remind")]
    Task Remind(string name, TimeSpan dueTime, TimeSpan period);

    [Alias("Forget")]
    Task Forget(string name);

    [Alias("Names")]
    Task<List<string>> Names();

    [Alias("Ticks")]
    Task<int> Ticks();
}

public sealed class RemindedGrain : Grain, IReminded, IRemindable
{
    private int _ticks;

    public Task Remind(string name, TimeSpan dueTime, TimeSpan period) =>
        this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task Forget(string name)
    {
        if (await this.GetReminder(name) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    public async Task<List<string>> Names() =>
        [.. (await this.GetReminders()).Select(each => each.ReminderName).Order(StringComparer.Ordinal)];

    public Task<int> Ticks() => Task.FromResult(_ticks);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _ticks++;
        Gates.All.Say(this.GetPrimaryKeyString(), $"{reminderName} every {status.Period}");
        return Task.CompletedTask;
    }
}
