using System.Threading.Channels;

namespace StellarPay.Frontdoor.Live;

/// <summary>
/// One client that listens. Updates wait here from the moment it has subscribed; those that the state it got first
/// already shows are left out, so that between state and changes nothing is lost and nothing comes twice.
/// </summary>
internal sealed class LiveConnection(string id, string user, string? session)
{
    /// <summary>A client this far behind is cut off; when it comes back it gets the present state.</summary>
    public const int MaxWaiting = 1000;

    private readonly Channel<LiveUpdate> _waiting = Channel.CreateBounded<LiveUpdate>(
        new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public string Id { get; } = id;

    public string User { get; } = user;

    /// <summary>The session whose token it came with.</summary>
    public string? Session { get; } = session;

    /// <summary>
    /// Takes an update. A client that is too far behind ends instead, and one whose session has ended ends with it.
    /// </summary>
    public void Offer(LiveUpdate update)
    {
        var ends = update.EndedSession is not null && update.EndedSession == Session;
        if (!_waiting.Writer.TryWrite(update) || ends)
        {
            _waiting.Writer.TryComplete();
        }
    }

    /// <summary>Cuts it off. It may come again.</summary>
    public void End() => _waiting.Writer.TryComplete();

    /// <summary>The updates after a revision, as they come, until the client is cut off or gone.</summary>
    public async IAsyncEnumerable<LiveUpdate> ReadAfterAsync(
        long revision, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var update in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            if (update.Revision > revision)
            {
                yield return update;
            }
        }
    }
}
