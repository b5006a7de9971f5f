using System.Collections.Concurrent;
using System.Threading.Channels;
using StellarPay.Frontdoor.Messages;

namespace StellarPay.Frontdoor.Tests.Hosting;

/// <summary>What a front door has sent to people, in place of a mail server and a sender of SMS.</summary>
internal sealed class CapturedMessages
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Channel<Message>> _inboxes = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>All, in the order in which they were sent.</summary>
    public ConcurrentQueue<Message> All { get; } = [];

    /// <summary>Runs before a message is taken; what it throws is the answer.</summary>
    public Func<Message, Task> Taking { get; set; } = _ => Task.CompletedTask;

    public IMessageTransport Of(MessageChannel channel) => new Transport(channel, this);

    /// <summary>The next message to somebody; waits for it.</summary>
    public async Task<Message> NextAsync(string to)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        return await InboxOf(to).Reader.ReadAsync(deadline.Token);
    }

    /// <summary>The next message of a subject to somebody, among what else he is sent: messages may overtake each other.</summary>
    public async Task<Message> NextAsync(string to, string subject)
    {
        while (true)
        {
            if (await NextAsync(to) is var message && message.Subject == subject)
            {
                return message;
            }
        }
    }

    /// <summary>Waits until somebody was sent something of a subject; takes nothing.</summary>
    public async Task UntilSentAsync(string to, string subject)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(Patience);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!All.Any(message => message.To == to && message.Subject == subject))
        {
            await ticks.WaitForNextTickAsync(deadline.Token);
        }
    }

    /// <summary>The code in the next message to somebody.</summary>
    public async Task<string> NextCodeAsync(string to) => (await NextAsync(to)).Code.ShouldNotBeNull();

    /// <summary>The next eight digits to somebody, among what else he is sent.</summary>
    public async Task<string> NextDigitsAsync(string to)
    {
        while (true)
        {
            if ((await NextAsync(to)).Code is { Length: 8 } digits)
            {
                return digits;
            }
        }
    }

    private Channel<Message> InboxOf(string to) => _inboxes.GetOrAdd(to, static _ => Channel.CreateUnbounded<Message>());

    private sealed class Transport(MessageChannel channel, CapturedMessages messages) : IMessageTransport
    {
        public MessageChannel Channel => channel;

        public async Task SendAsync(Message message, CancellationToken cancellationToken)
        {
            message.Channel.ShouldBe(channel);
            await messages.Taking(message);
            messages.All.Enqueue(message);
            await messages.InboxOf(message.To).Writer.WriteAsync(message, CancellationToken.None);
        }
    }
}
