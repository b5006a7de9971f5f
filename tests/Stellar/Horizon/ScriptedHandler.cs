using System.Net;
using System.Text;

namespace StellarPay.Stellar.Tests.Horizon;

/// <summary>Answers requests from a script, in order, and remembers them. A request without an answer fails the test.</summary>
internal sealed class ScriptedHandler : HttpMessageHandler
{
    private readonly Lock _state = new();
    private readonly Queue<Func<CancellationToken, Task<HttpResponseMessage>>> _script = new();
    private readonly List<string> _requests = [];

    /// <summary>"METHOD url" of each request, and its body where it has one.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_state)
            {
                return [.. _requests];
            }
        }
    }

    public ScriptedHandler Answer(HttpStatusCode status, string body, params (string Name, string Value)[] headers) =>
        Answer(() =>
        {
            var response = new HttpResponseMessage(status) { Content = new StringContent(body, Encoding.UTF8) };
            foreach (var (name, value) in headers)
            {
                response.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
            }
            return response;
        });

    public ScriptedHandler Answer(Func<HttpResponseMessage> response) =>
        Add(_ => Task.FromResult(response()));

    public ScriptedHandler Fail(Exception exception) =>
        Add(_ => Task.FromException<HttpResponseMessage>(exception));

    /// <summary>Never answers; ends only when the request is cancelled.</summary>
    public ScriptedHandler Hang() => Add(async cancellationToken =>
    {
        var never = new TaskCompletionSource<HttpResponseMessage>();
        return await never.Task.WaitAsync(cancellationToken);
    });

    public ScriptedHandler Stream(ScriptedStream stream) =>
        Answer(() => new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(stream) });

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = request.Content is null ? "" : " " + await request.Content.ReadAsStringAsync(cancellationToken);
        Func<CancellationToken, Task<HttpResponseMessage>>? answer;
        lock (_state)
        {
            _requests.Add($"{request.Method} {request.RequestUri!.AbsoluteUri}{body}");
            _script.TryDequeue(out answer).ShouldBeTrue($"nothing is scripted for {request.Method} {request.RequestUri}");
        }
        return await answer!(cancellationToken);
    }

    private ScriptedHandler Add(Func<CancellationToken, Task<HttpResponseMessage>> answer)
    {
        lock (_state)
        {
            _script.Enqueue(answer);
        }
        return this;
    }
}
