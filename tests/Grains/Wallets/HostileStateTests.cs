using StellarPay.Grains.Accounts;
using System.Text;
using System.Text.Json;
using StellarPay.Adapters.Postgres.Storage;
using StellarPay.Grains.Claims;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Ledger;
using StellarPay.Grains.Limits;
using StellarPay.Grains.Network;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;
using StellarPay.Stellar;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Wallets;

/// <summary>
/// A user who makes a wallet as big as it gets makes it slow for nobody: 4 kB of state, rewritten with each write, and small rows.
/// </summary>
public sealed class HostileStateTests
{
    private const int MaxState = 4_096;
    private const int MaxRow = 2_560;

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 3, 20, 123, TimeSpan.Zero);
    private static readonly string Address = new AccountId(Enumerable.Repeat((byte)0xFF, 32).ToArray()).ToString();
    private static readonly string Asset = $"LONGESTCODE1:{Address}";
    private static readonly string Balance = new ClaimableBalanceId(new Hash([.. Enumerable.Repeat((byte)0xFF, 32)])).ToString();

    [Fact]
    public void A_wallet_that_is_as_full_as_its_user_can_make_it_is_4_kB_beside_small_rows()
    {
        var (state, rows) = Stored(Full());

        Encoding.UTF8.GetByteCount(state).ShouldBeLessThanOrEqualTo(MaxState);
        rows.Count.ShouldBe(PaymentBook.MaxOpen + IncomingClaims.Most + 1);
        rows.Where(row => row.Key != WalletRows.OwnChannel).Max(row => row.Value.Length).ShouldBeLessThanOrEqualTo(MaxRow);
    }

    [Fact]
    public void A_full_transaction_fits_into_its_row()
    {
        var wallet = new WalletState
        {
            Submission = new Submission
            {
                // A hundred operations of the longest path payments, with two signatures each in the outer and inner envelope.
                Envelope = Convert.ToBase64String(new byte[100 * 400]),
                InnerHash = new string('f', 64),
                Hashes = [.. Enumerable.Repeat(new string('f', 64), 16)],
                Operations = [.. Enumerable.Range(0, 100).Select(n => new SubmittedOperation(ClaimSubjects.Claim(Balance)))],
                Attempts = [.. Enumerable.Range(0, Submission.MaxAttempts).Select(_ =>
                    new SubmissionAttempt(Now, 3, SubmissionOutcome.Pending, "tx_insufficient_balance"))],
            },
        };

        Should.NotThrow(() => StoredWrite.Parse("wal_1", Serialized(wallet)).Rows.RequireFit());
    }

    [Fact]
    public void Full_usage_of_both_limits_is_about_a_kilobyte()
    {
        var wallet = Full();
        (wallet.DayUsage.Count, wallet.MonthUsage.Count).ShouldBe((73, 61));

        var packed = Packed(new UsageBucketsConverter(), wallet.DayUsage) + Packed(new UsageBucketsConverter(), wallet.MonthUsage);
        packed.Length.ShouldBeLessThanOrEqualTo(1_100);
    }

    private static string Packed(UsageBucketsConverter converter, List<UsageBucket> buckets)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            converter.Write(writer, buckets, StateJson.Options);
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static (string State, IReadOnlyDictionary<string, string> Rows) Stored(WalletState wallet)
    {
        var write = StoredWrite.Parse("wal_1", Serialized(wallet));
        var rows = new SortedDictionary<string, string>();
        write.Rows.RequireFit();
        write.Rows.Apply(rows);
        return (write.State, rows);
    }

    private static BinaryData Serialized(WalletState wallet)
    {
        WalletRows.Put(wallet);
        return new StateSerializer().Serialize(wallet);
    }

    private static WalletState Full()
    {
        var wallet = new WalletState
        {
            Owner = "usr_" + new string('z', 24),
            Address = Address,
            Status = WalletStatus.Active,
            // Wrapped by RSA 2048 under a key of a vault with a long name.
            Key = new EncryptedSeed(Address, 12, $"https://{new string('v', 24)}.vault.azure.net/keys/kek/{new string('a', 32)}", new byte[256], new byte[12], new byte[48]),
            SequenceNumber = long.MaxValue,
            Balances = Enumerable.Range(0, 5).ToDictionary(
                n => $"{n}{Asset[1..]}", _ => new BalanceRecord { Stroops = long.MaxValue, FrozenSince = 99_999_999 }),
            Drained = new LedgerPlace(long.MaxValue, int.MaxValue),
            Revision = long.MaxValue,
            DueAt = Now,
            SweepAt = Now,
            Tier = 3,
            Scan = new ClaimScan { Asset = Asset, Cursor = $"{long.MaxValue}-{Balance}", Again = Now, Answers = 9_999 },
            FailedPaths = [.. Enumerable.Range(0, FailedPath.Most).Select(n => new FailedPath
            {
                Key = new string('f', 16), Until = Now, Tries = n,
            })],
            Payments = [.. Enumerable.Range(0, PaymentBook.MaxOpen).Select(Quote)],
            Claims = [.. Enumerable.Range(0, IncomingClaims.Most).Select(n => new IncomingClaim
            {
                BalanceId = $"{n:D2}{Balance[2..]}", LookAt = Now, Signings = 3, Ledger = 99_999_999, Misses = 9, Alone = true, Stroops = long.MaxValue,
            })],
            Submission = new Submission { Envelope = "e" },
        };
        // A little each minute, up to the limits of tier 0.
        var (daily, monthly) = (25_000L * 10_000_000, 100_000L * 10_000_000);
        for (var at = Now.AddDays(-30); at <= Now; at = at.AddMinutes(10))
        {
            var units = at > Now.AddDays(-1) ? daily / (24 * 6) : monthly / (30 * 24 * 6);
            LimitLedger.Reserve(wallet, new PaymentRecord { CreatedAt = at, LimitUnits = units });
            LimitLedger.Prune(wallet, at);
        }

        return wallet;
    }

    private static PaymentRecord Quote(int n) => new()
    {
        Id = $"txn_{n:D24}",
        Status = PaymentStatus.Queued,
        Recipient = new string('"', 128),
        Destination = Address,
        Asset = Asset,
        Stroops = long.MaxValue,
        Memo = new string('\u0001', 28),
        CreatedAt = Now,
        ExpiresAt = Now,
        RequestId = new string('r', 64),
        Trace = new string('t', 55),
        ConfirmedAt = Now,
        Method = PaymentMethod.PathStrictReceive,
        Path = new PathRecord
        {
            SourceAsset = Asset, SourceStroops = long.MaxValue, SourceMaxStroops = long.MaxValue, MinStroops = long.MaxValue,
            Hops = [.. Enumerable.Repeat(Asset, 5)],
        },
        LimitUnits = long.MaxValue,
        Facts = new RecipientFacts(true, new string('h', 32), "return", true),
        Claimable = new ClaimableRecord { ReclaimableAfter = Now, LookAt = Now },
    };
}
