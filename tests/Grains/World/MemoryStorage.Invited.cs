using System.Text.Json.Nodes;
using Npgsql;
using StellarPay.Adapters.Postgres.Invitations;

namespace StellarPay.Grains.Tests.World;

/// <summary>Keeps the names that were invited, as the database's functions do.</summary>
internal sealed partial class MemoryStorage
{
    private MemoryInvited Invited { get; } = new();

    public override IReadOnlyList<(string Wallet, string Id)> ConfirmName(byte[] digest, string user, string name, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Invited.Confirm(Convert.ToBase64String(digest), user, now);
        }
    }

    public override int CountInvited(byte[] digest)
    {
        lock (_lock)
        {
            return Invited.Count(Convert.ToBase64String(digest));
        }
    }

    /// <summary>The table of invited names. Under the storage's lock.</summary>
    private sealed class MemoryInvited
    {
        private readonly Dictionary<string, Row> _rows = [];
        private readonly HashSet<string> _confirmed = [];
        private readonly List<(string Wallet, string Digest, DateTimeOffset At)> _invited = [];

        public int Count(string digest) => _rows.Values.Count(row => row.Digest == digest);

        /// <summary>Refuses what <c>identity.invitations_apply</c> refuses.</summary>
        public void Require(string wallet, JsonNode? marks)
        {
            if (marks is null)
            {
                return;
            }

            StoredWrite.RequireThat(
                (marks["confirmed"] as JsonArray ?? []).All(mark =>
                    _rows.TryGetValue((string)mark!["id"]!, out var row) && row.Wallet == wallet && row.User == (string)mark["user"]!),
                PostgresInvitationRefusals.UnconfirmedState, "An invitation was not confirmed.");
            StoredWrite.RequireThat(
                !Names(marks, "ended").Any(id => _rows.TryGetValue(id, out var row) && row.Wallet == wallet && row.User is not null),
                PostgresInvitationRefusals.ConfirmedState, "An invitation was confirmed in time.");
            foreach (var opened in marks["opened"] as JsonArray ?? [])
            {
                var digest = (string)opened!["digest"]!;
                StoredWrite.RequireThat(!_confirmed.Contains(digest), PostgresInvitationRefusals.NameTakenState, "The name is somebody's.");
                StoredWrite.RequireThat(
                    !_rows.Values.Any(row => row.Digest == digest && row.Wallet == wallet),
                    PostgresInvitationRefusals.AlreadyInvitedState, "The name is invited already.");
                StoredWrite.RequireThat(
                    _invited.Count(made => made.Wallet == wallet && made.Digest == digest && made.At > (DateTimeOffset)opened["since"]!)
                        < (int)opened["often"]!,
                    PostgresInvitationRefusals.InvitedOftenState, "The name was invited too often of late.");
                StoredWrite.RequireThat(
                    Count(digest) < (int)opened["most"]!, PostgresInvitationRefusals.NameFullState, "The name was invited too often.");
                StoredWrite.RequireThat(
                    !_rows.ContainsKey((string)opened["id"]!), PostgresErrorCodes.UniqueViolation, "There is such an invitation.");
            }
        }

        public void Apply(string wallet, JsonNode? marks)
        {
            if (marks is null)
            {
                return;
            }

            foreach (var id in Names(marks, "taken").Concat(Names(marks, "ended")))
            {
                _rows.Remove(id);
            }

            foreach (var opened in marks["opened"] as JsonArray ?? [])
            {
                _invited.Add((wallet, (string)opened!["digest"]!, (DateTimeOffset)opened["at"]!));
                _rows[(string)opened["id"]!] = new Row(wallet, (string)opened["digest"]!, (DateTimeOffset)opened["expiresAt"]!, null);
            }
        }

        public List<(string Wallet, string Id)> Confirm(string digest, string user, DateTimeOffset now)
        {
            _confirmed.Add(digest);
            var confirmed = new List<(string, string)>();
            var waiting = _rows.Where(each => each.Value.User is null && each.Value.Digest == digest && each.Value.ExpiresAt > now);
            foreach (var (id, row) in waiting.ToArray())
            {
                _rows[id] = row with { User = user };
                confirmed.Add((row.Wallet, id));
            }

            return confirmed;
        }

        private static IEnumerable<string> Names(JsonNode marks, string list) =>
            (marks[list] as JsonArray ?? []).Select(id => (string)id!);

        private sealed record Row(string Wallet, string Digest, DateTimeOffset ExpiresAt, string? User);
    }
}
