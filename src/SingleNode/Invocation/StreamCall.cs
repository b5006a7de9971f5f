using System.Threading.Channels;
using Orleans.Runtime;

namespace StellarPay.SingleNode;

/// <summary>
/// The base of generated calls of methods that return <see cref="IAsyncEnumerable{T}"/>. The grain runs ahead of the
/// reader by a bounded number of items; the enumeration interleaves with other calls, as it does in Orleans.
/// </summary>
internal abstract class StreamCall<T> : GrainCall
{
    private const int ItemsAhead = 100;

    private Channel<T> _items = null!;
    private CancellationTokenSource _stopped = null!;

    public override object? UntypedResult { get; set; }

    public abstract IAsyncEnumerable<T> Run(object grain);

    /// <summary>A call of its own for each enumeration.</summary>
    public StreamCall<T> NewEnumeration()
    {
        var call = (StreamCall<T>)MemberwiseClone();
        call._items = Channel.CreateBounded<T>(new BoundedChannelOptions(ItemsAhead) { SingleWriter = true });
        call._stopped = new CancellationTokenSource();
        return call;
    }

    public ChannelReader<T> Items => _items.Reader;

    public void Stop() => (Target?.Scheduler is { } scheduler ? scheduler.Run : (Action<Action>)(stop => stop()))(
        _stopped.Cancel);

    public sealed override async Task InvokeAsync(object grain)
    {
        await foreach (var item in Run(grain).WithCancellation(_stopped.Token))
        {
            await _items.Writer.WriteAsync(Copy<T>.Of(item), _stopped.Token);
        }
    }

    protected override void SetResult() => _items.Writer.TryComplete();

    protected override void SetException(Exception exception) => _items.Writer.TryComplete(exception);
}

/// <summary>What a proxy gives the caller of such a method.</summary>
internal sealed class GrainStream<T>(GrainReference reference, StreamCall<T> template, int method) : IAsyncEnumerable<T>
{
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        var call = template.NewEnumeration();
        reference.Host.SendStream(reference, call, method);
        try
        {
            await foreach (var item in call.Items.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            call.Stop();
        }
    }
}
