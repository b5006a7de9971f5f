namespace StellarPay.Sandbox.Horizon.Http;

/// <summary>The loop behind each stream: what is there, then what each ledger adds, until the limit or the time is up.</summary>
internal static class HorizonStreams
{
    /// <summary>As Horizon's connection timeout; clients reconnect with the last id that they saw.</summary>
    public static readonly TimeSpan MaxDuration = TimeSpan.FromSeconds(55);

    public static Task PageAsync(HorizonRequest request, PageRequest page, FetchPage fetch) =>
        RunAsync(request, page.Limit, async (stream, left) =>
        {
            if (HorizonPipeline.IsSilent(request.Http))
            {
                return 0;
            }

            var records = fetch(page with { Limit = left });
            foreach (var record in records)
            {
                await SendAsync(request, stream, record);
                page = page with { Cursor = record.PagingToken };
            }

            return records.Count;
        });

    /// <summary>An object is sent at first, and again after each ledger that changed it.</summary>
    public static async Task ObjectAsync(HorizonRequest request, FindObject find)
    {
        if (find(request) is null)
        {
            await HorizonAnswer.ProblemAsync(request.Http, request.Problem ?? HorizonProblem.NotFound);
            return;
        }

        ReadOnlyMemory<byte> last = default;
        await RunAsync(request, int.MaxValue, async (stream, _) =>
        {
            if (find(request) is { } write && EventStream.Render(write) is var now && !now.Span.SequenceEqual(last.Span))
            {
                last = now;
                await stream.RecordAsync(null, now);
            }

            return 0;
        });
    }

    private static async Task RunAsync(HorizonRequest request, int limit, Func<EventStream, int, ValueTask<int>> send)
    {
        var network = request.Network;
        using var timeout = new CancellationTokenSource(MaxDuration, network.Clock.Source);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(
            timeout.Token, request.Http.RequestAborted, network.Stopping);
        var stream = new EventStream(request.Http.Response, request.Http.RequestAborted);
        try
        {
            while (true)
            {
                var ledger = network.LatestLedger;
                limit -= await send(stream, limit);
                if (limit <= 0)
                {
                    break;
                }

                await stream.OpenAsync();
                await network.LedgerAfterAsync(ledger, over.Token);
            }
        }
        catch (OperationCanceledException) when (!request.Http.RequestAborted.IsCancellationRequested)
        {
            // The time is up, or the sandbox stops: the client is told, and comes back if it wants more.
        }
        catch (OperationCanceledException)
        {
            return;
        }

        await stream.CloseAsync();
    }

    private static async ValueTask SendAsync(HorizonRequest request, EventStream stream, PageRecord record)
    {
        var times = request.Network.Faults.TimesToSend(request.Http.Request);
        for (var i = 0; i < times; i++)
        {
            await stream.RecordAsync(record.PagingToken, EventStream.Render(record.Write));
        }
    }
}
