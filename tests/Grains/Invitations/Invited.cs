using System.Security.Cryptography;
using StellarPay.Grains.Identifiers;
using StellarPay.Grains.Invitations;
using StellarPay.Grains.Payments;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Grains.Wallets;

namespace StellarPay.Grains.Tests.Invitations;

/// <summary>A name that nobody has confirmed, and short ways to do what is done with it.</summary>
internal sealed class Invited(TestWorld world)
{
    public const string Name = "carol@example.com";

    private readonly byte[] _digest = RandomNumberGenerator.GetBytes(32);

    /// <summary>How many wait for it.</summary>
    public int Count => world.Storage.CountInvited(_digest);

    public Task<Result<InvitationView>> ByAsync(
        TestUser sender, string amount, string? key = null, string asset = "USDC", PayerProof proof = PayerProof.Session,
        string said = "the same") =>
        WalletOf(sender).InviteAsync(
            sender.Id,
            new InvitationRequest(
                InvitationId.New(world.Business), new InvitedName(_digest, "email"), asset, amount, key ?? Guid.NewGuid().ToString("N"), said,
                [1, 2, 3], Message: null, proof),
            TestContext.Current.CancellationToken);

    public async Task<InvitationView> MadeAsync(TestUser sender, string amount)
    {
        var made = await ByAsync(sender, amount);
        made.Error.ShouldBeNull();
        return made.Value!;
    }

    /// <summary>A user confirms it: the database knows, and no wallet yet.</summary>
    public IReadOnlyList<(string Wallet, string Id)> Confirm(TestUser payee) =>
        world.Storage.ConfirmName(_digest, payee.Id.Value, Name, world.Business.GetUtcNow());

    /// <summary>A user confirms it, and the senders' wallets are told, as front doors do.</summary>
    public async Task ConfirmAndTellAsync(TestUser payee)
    {
        foreach (var (wallet, id) in Confirm(payee))
        {
            await TellAsync(wallet, id, payee);
        }
    }

    public Task TellAsync(string wallet, string id, TestUser payee) =>
        world.Grains.GetGrain<IWalletInvitations>(wallet)
            .TakeInvitationAsync(WalletId.Parse(wallet).Owner, InvitationId.Parse(id), payee.Id, Name);

    public static Task<Result<InvitationView>> CancelAsync(TestUser sender, InvitationId id) =>
        WalletOf(sender).CancelInvitationAsync(sender.Id, id);

    public static async Task<InvitationView> OfAsync(TestUser sender, InvitationId id) =>
        (await sender.Wallet.GetSnapshotAsync(sender.Id)).Value!.Invitations!.Single(each => each.Id == id);

    public static async Task<InvitationView> UntilAsync(TestUser sender, InvitationId id, InvitationStatus status)
    {
        await sender.World.UntilAfterSweepsAsync(
            async () => (await OfAsync(sender, id)).Status == status, $"invitation {id} is {status}");
        return await OfAsync(sender, id);
    }

    private static IWalletInvitations WalletOf(TestUser sender) => sender.Wallet.AsReference<IWalletInvitations>();
}
