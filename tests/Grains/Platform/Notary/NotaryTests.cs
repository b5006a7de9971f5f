using Orleans.Core.Internal;
using StellarPay.Grains.Audit;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Keys;
using StellarPay.Grains.Platform;
using StellarPay.Grains.Platform.Notary;
using StellarPay.Grains.Storage;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform.Notary;

/// <summary>The audit log's head gets to the ledger at its times, once each, whatever dies between.</summary>
public sealed class NotaryTests
{
    private static readonly TimeSpan Every = TimeSpan.FromMinutes(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_head_is_written_an_hour_after_the_account_has_its_key_and_then_each_hour()
    {
        await using var world = await StartAsync();
        await world.SweepAsync();
        world.Audit.Checkpoints.ShouldBeEmpty();

        world.Business.Advance(Every);
        await UntilOnLedgerAsync(world, 1);
        await UntilIdleAsync(world);
        await world.SweepAsync();
        world.Audit.Checkpoints.Count.ShouldBe(1);

        world.Business.Advance(Every);
        await UntilOnLedgerAsync(world, 2);
        await UntilIdleAsync(world);
        world.Network.Submitted.Distinct().Count().ShouldBe(2);
        ((int?)Stored(world)["anchored"]!["number"]).ShouldBe(2);
    }

    [Fact]
    public async Task What_is_written_is_a_data_entry_of_the_notarys_own_that_says_number_and_hash()
    {
        await using var world = await StartAsync();
        world.Business.Advance(Every);
        await UntilOnLedgerAsync(world, 1);

        var sent = ((TransactionV1Envelope)TransactionEnvelope.FromXdrBase64(world.Network.Submitted[0])).Transaction;
        sent.Source.AccountId.ToString().ShouldBe(Address(world));
        var data = sent.Operations.ShouldHaveSingleItem().Body.ShouldBeOfType<ManageDataOperation>();
        data.Name.ToString().ShouldBe("stellarpay.audit");
        var head = world.Audit.Checkpoints.ShouldHaveSingleItem();
        data.Value!.Value.AsSpan().ToArray().ShouldBe([0, 0, 0, 0, 0, 0, 0, 1, .. Convert.FromHexString(head.Hash)]);
    }

    [Fact]
    public async Task A_crash_between_the_signing_and_the_submission_is_resumed_with_the_same_envelope()
    {
        await using var world = await StartAsync();
        world.Faults.Arm(FaultPoint.NotarySigned, _ => throw new IOException("killed"));
        world.Business.Advance(Every);
        await world.SweepAsync();
        await TestWorld.UntilAsync(() => Stored(world)["submission"] is not null, "it is signed");
        var envelope = (string?)Stored(world)["submission"]!["envelope"];

        await Grain(world).AsReference<IGrainManagementExtension>().DeactivateOnIdle(Cancelled);
        await UntilOnLedgerAsync(world, 1);

        world.Network.Submitted.Distinct().ShouldHaveSingleItem().ShouldBe(envelope);
        world.Audit.Checkpoints.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(Failing.BeforeTheWrite)]
    [InlineData(Failing.AfterTheWriteTookEffect)]
    public async Task A_write_that_fails_is_followed_by_one_transaction_at_most_and_the_ledger_gets_a_head(Failing how)
    {
        await using var world = await StartAsync();
        world.Storage.FailNextWrite(GrainState.Notary, how, state => state.Contains("envelope", StringComparison.Ordinal));
        world.Business.Advance(Every);

        await world.UntilAfterSweepsAsync(() => Task.FromResult(OnLedger(world) is not null), "a head is on the ledger");

        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
        OnLedger(world).ShouldBe(world.Audit.Checkpoints.Last());
    }

    [Fact]
    public async Task A_crash_after_the_networks_answer_writes_once()
    {
        await using var world = await StartAsync();
        world.Faults.Arm(FaultPoint.NotaryAnswered, _ => throw new IOException("killed"));
        world.Business.Advance(Every);

        await world.UntilAfterSweepsAsync(() => Task.FromResult(Stored(world)["anchored"] is not null), "it has ended");

        world.Network.Submitted.Distinct().ShouldHaveSingleItem();
        world.Audit.Checkpoints.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task While_the_log_cannot_be_reached_it_is_tried_again_and_again()
    {
        await using var world = await StartAsync();
        world.Audit.Down = true;
        world.Business.Advance(Every);
        await world.SweepAsync();
        world.Business.Advance(TimeSpan.FromSeconds(11));
        await world.SweepAsync();
        world.Network.Submitted.ShouldBeEmpty();

        world.Audit.Down = false;
        await world.UntilAfterSweepsAsync(() => Task.FromResult(OnLedger(world)?.Number == 1), "the head is on the ledger");
    }

    [Fact]
    public async Task While_the_network_is_away_checkpoints_do_not_pile_up()
    {
        await using var world = await StartAsync();
        world.Network.BeforeAccount = _ => throw new StellarPay.Grains.Network.NetworkUnavailableException("away");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            world.Business.Advance(Every);
            await world.SweepAsync();
        }

        world.Audit.Checkpoints.ShouldBeEmpty();
        world.Network.BeforeAccount = null;
        await world.UntilAfterSweepsAsync(() => Task.FromResult(OnLedger(world) is not null), "the head is on the ledger");
        world.Audit.Checkpoints.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Its_data_key_is_wrapped_anew_like_any_other()
    {
        await using var world = await StartAsync();
        world.KeyEncryptionKey.Rotate();

        var rotation = world.Grains.GetGrain<IKeyRotationGrain>(IKeyRotationGrain.Key);
        await rotation.StartAsync();
        await world.UntilAfterSweepsAsync(async () => (await rotation.GetAsync()).Rotation is { Running: false }, "it has ended");
        world.KeyEncryptionKey.Destroy("kek-1");
        ((string?)Stored(world)["key"]!["keyId"]).ShouldBe("kek-2");
        world.Business.Advance(Every);
        await UntilOnLedgerAsync(world, 1);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0000000000000001")]
    [InlineData("000000000000000000000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("ffffffffffffffff00000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData("000000000000000100000000000000000000000000000000000000000000000000000000000000ff00")]
    public void What_is_no_head_is_read_as_none(string hex) => AuditHead.Read(Convert.FromHexString(hex)).ShouldBeNull();

    private static INotaryGrain Grain(TestWorld world) => world.Grains.GetGrain<INotaryGrain>(INotaryGrain.Key);

    private static async Task<TestWorld> StartAsync()
    {
        var world = await TestWorld.StartAsync(follow: false);
        (await Grain(world).EnsureAsync(Cancelled)).IsSuccess.ShouldBeTrue();
        return world;
    }

    private static System.Text.Json.Nodes.JsonNode Stored(TestWorld world) => world.Storage.Stored(GrainState.Notary, INotaryGrain.Key);

    private static string Address(TestWorld world) => (string)Stored(world)["key"]!["publicKey"]!;

    private static AuditHead? OnLedger(TestWorld world) => world.Network.Look(ledger =>
        ledger.Accounts[Address(world)].Data.TryGetValue(AuditHead.EntryName, out var value) ? AuditHead.Read(value) : null);

    private static async Task UntilOnLedgerAsync(TestWorld world, long number)
    {
        await world.UntilAfterSweepsAsync(() => Task.FromResult(OnLedger(world)?.Number == number), $"checkpoint {number} is on the ledger");
        OnLedger(world).ShouldBe(world.Audit.Checkpoints.Last());
    }

    private static Task UntilIdleAsync(TestWorld world) =>
        TestWorld.UntilAsync(() => Stored(world)["submission"] is null, "the notary has nothing under way");
}
