using System.Text.Json;

namespace StellarPay.Chaos.Clients.Hub;

/// <summary>What a client of the hub makes of what it is pushed: the wallet as it is, and what ought not to have come.</summary>
internal sealed class HubView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, HubPayment> _payments = new(StringComparer.Ordinal);
    private readonly List<string> _complaints = [];
    private JsonElement _wallet;
    private long _stateRevision;
    private long _revision;
    private bool _hasState;
    private int _connections;

    /// <summary>A connection is there: the state must come before all else.</summary>
    public void Connected()
    {
        lock (_lock)
        {
            _hasState = false;
            _connections++;
        }
    }

    /// <summary>Takes one invocation.</summary>
    public void Take(string method, JsonElement body)
    {
        lock (_lock)
        {
            if (method == "state")
            {
                TakeState(body);
            }
            else if (!_hasState)
            {
                _complaints.Add($"{method} came before the state");
            }
            else if (method == "balance")
            {
                Advance(method, body);
                _wallet = body.Clone();
            }
            else if (method == "payment")
            {
                Advance(method, body);
                TakePayment(body);
            }
        }
    }

    /// <summary>What is to be seen now.</summary>
    public HubPicture Picture()
    {
        lock (_lock)
        {
            return new HubPicture(
                _connections, _hasState, _stateRevision, _wallet, new Dictionary<string, HubPayment>(_payments), [.. _complaints]);
        }
    }

    private void TakeState(JsonElement body)
    {
        if (_hasState)
        {
            _complaints.Add("a second state came in one connection");
        }

        _wallet = body.GetProperty("wallet").Clone();
        var revision = _wallet.GetProperty("revision").GetInt64();
        if (revision < _revision)
        {
            _complaints.Add($"revision {_revision} was pushed, and the next connection began at {revision}");
        }

        (_hasState, _stateRevision, _revision) = (true, revision, revision);
        _payments.Clear();
        foreach (var payment in body.GetProperty("payments").EnumerateArray())
        {
            TakePayment(payment);
        }
    }

    private void TakePayment(JsonElement payment) =>
        _payments[payment.GetProperty("id").GetString()!] = new HubPayment(Text(payment, "status")!, Text(payment, "claim_status"));

    // Changes come in order, and never one that the state shows already.
    private void Advance(string method, JsonElement body)
    {
        var revision = body.GetProperty("revision").GetInt64();
        if (revision < _revision || revision <= _stateRevision)
        {
            _complaints.Add($"{method} of revision {revision} came after revision {_revision}, in a connection that began at {_stateRevision}");
        }

        _revision = Math.Max(_revision, revision);
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}

/// <summary>A payment as the hub showed it last.</summary>
internal sealed record HubPayment(string Status, string? ClaimStatus);

/// <summary>What a client of the hub sees at a moment.</summary>
/// <param name="Connections">How often it connected.</param>
/// <param name="IsLive">Whether the present connection has its state.</param>
/// <param name="StateRevision">The wallet's revision with which the present connection began.</param>
/// <param name="Wallet">The wallet, as it came last.</param>
/// <param name="Payments">Payments of the present connection, as they came last.</param>
/// <param name="Complaints">What came and ought not to have.</param>
internal sealed record HubPicture(
    int Connections, bool IsLive, long StateRevision, JsonElement Wallet, IReadOnlyDictionary<string, HubPayment> Payments,
    IReadOnlyList<string> Complaints);
