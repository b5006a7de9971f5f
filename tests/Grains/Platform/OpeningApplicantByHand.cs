using StellarPay.Grains.Platform;
using StellarPay.Grains.Results;
using StellarPay.Grains.Tests.World;
using StellarPay.Stellar.Keys;
using StellarPay.Stellar.Transactions;
using StellarPay.Stellar.Xdr;

namespace StellarPay.Grains.Tests.Platform;

/// <summary>A wallet's part in its opening, played by hand.</summary>
internal sealed class OpeningApplicantByHand(TestWorld world)
{
    private static readonly Stellar.StellarNetwork OnNetwork = new(FakeNetwork.Passphrase);

    private readonly SigningKey _key = SigningKey.Generate();

    public string Address => _key.AccountId.ToString();

    public Task<Result<OpeningStep>> JoinAsync(
        ISponsorGrain sponsor, string[]? trustlines = null, OpeningOrigin? origin = null) =>
        sponsor.JoinAsync(new OpeningRequest(Address, Create: true, trustlines ?? [world.Network.Usdc], Origin: origin));

    public async Task<Result<OpeningStep>> OpenAsync(
        ISponsorGrain sponsor, string[]? trustlines = null, OpeningOrigin? origin = null)
    {
        var step = await JoinAsync(sponsor, trustlines, origin);
        while (step is { Value.Move: OpeningMove.Sign or OpeningMove.Wait })
        {
            step = step.Value is { Move: OpeningMove.Sign } asked
                ? await sponsor.SignAsync(Address, asked.TransactionHash!, Signature(asked))
                : await JoinAsync(sponsor, trustlines, origin);
        }

        return step;
    }

    /// <summary>As a wallet does: looks whether its account is there, and if not, asks anew.</summary>
    public Task UntilOpenAsync(ISponsorGrain sponsor, Func<Task>? between = null) => TestWorld.UntilAsync(async () =>
    {
        if (world.Network.Look(l => l.Accounts.ContainsKey(Address)))
        {
            return true;
        }

        await OpenAsync(sponsor);
        await (between?.Invoke() ?? Task.CompletedTask);
        return world.Network.Look(l => l.Accounts.ContainsKey(Address));
    }, "the account is open");

    public async Task<bool> OpenAgainAndAgainAsync(ISponsorGrain sponsor, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            if ((await OpenAsync(sponsor)).Value?.Move == OpeningMove.Opened)
            {
                return true;
            }
        }

        return false;
    }

    private byte[] Signature(OpeningStep asked) =>
        _key.Sign(TransactionEnvelope.FromXdrBase64(asked.Envelope!).HashOn(OnNetwork).ToArray());
}
