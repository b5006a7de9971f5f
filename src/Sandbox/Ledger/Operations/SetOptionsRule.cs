using StellarPay.Stellar.Xdr;

namespace StellarPay.Sandbox.Ledger;

internal sealed class SetOptionsRule(OperationContext context, SetOptionsOperation operation)
    : OperationRule<SetOptionsResultCode>(context)
{
    public override ThresholdLevel Threshold =>
        (operation.MasterWeight ?? operation.LowThreshold ?? operation.MediumThreshold ?? operation.HighThreshold)
            is not null || operation.Signer is not null
            ? ThresholdLevel.High
            : ThresholdLevel.Medium;

    private AccountFlags Set => (AccountFlags)operation.SetFlags.GetValueOrDefault();

    private AccountFlags Clear => (AccountFlags)operation.ClearFlags.GetValueOrDefault();

    public override OperationResult? Check()
    {
        if (!FlagRules.AreKnown(Set) || !FlagRules.AreKnown(Clear))
        {
            return Fail(SetOptionsResultCode.UnknownFlag);
        }

        if ((Set & Clear) != 0)
        {
            return Fail(SetOptionsResultCode.BadFlags);
        }

        if (operation is { MasterWeight: > byte.MaxValue }
            or { LowThreshold: > byte.MaxValue }
            or { MediumThreshold: > byte.MaxValue }
            or { HighThreshold: > byte.MaxValue })
        {
            return Fail(SetOptionsResultCode.ThresholdOutOfRange);
        }

        if (operation.Signer is { } signer && IsBad(signer))
        {
            return Fail(SetOptionsResultCode.BadSigner);
        }

        return operation.HomeDomain is { } domain && !AssetRules.IsText(domain)
            ? Fail(SetOptionsResultCode.InvalidHomeDomain)
            : null;
    }

    public override OperationResult Apply()
    {
        var account = SourceAccount;
        if (operation.InflationDestination is { } destination)
        {
            if (destination != Source && State.Account(destination) is null)
            {
                return Fail(SetOptionsResultCode.InvalidInflation);
            }

            account = account with { InflationDestination = destination };
        }

        if ((Clear != 0 || Set != 0) && (account.Flags & AccountFlags.AuthImmutable) != 0)
        {
            return Fail(SetOptionsResultCode.CantChange);
        }

        account = account with { Flags = (account.Flags & ~Clear) | Set };
        if ((operation.SetFlags ?? operation.ClearFlags) is not null && !FlagRules.IsClawbackAllowed(account.Flags))
        {
            return Fail(SetOptionsResultCode.AuthRevocableRequired);
        }

        State.Put(account with
        {
            HomeDomain = operation.HomeDomain ?? account.HomeDomain,
            Thresholds = new Thresholds(
                (byte)(operation.MasterWeight ?? account.Thresholds.MasterWeight),
                (byte)(operation.LowThreshold ?? account.Thresholds.Low),
                (byte)(operation.MediumThreshold ?? account.Thresholds.Medium),
                (byte)(operation.HighThreshold ?? account.Thresholds.High)),
        });
        return operation.Signer is { } signer ? ApplySigner(signer) : Success;
    }

    protected override OperationResultBody ResultOf(SetOptionsResultCode code) => new SetOptionsResult(code);

    private bool IsBad(Signer signer) =>
        signer.Key == SignerKey.Ed25519(Source)
        || signer.Weight > byte.MaxValue
        || (signer.Key.Type == CryptoKeyType.Ed25519SignedPayload && signer.Key.Payload.Length == 0);

    private OperationResult ApplySigner(Signer signer)
    {
        if (signer.Weight == 0)
        {
            Context.Transaction.SignerReserves.RemoveIfPresent(Source, signer.Key);
            return Success;
        }

        var account = SourceAccount;
        var place = account.FindSigner(signer.Key);
        if (place >= 0)
        {
            var signers = account.Signers.ToArray();
            signers[place] = signers[place] with { Weight = signer.Weight };
            State.Put(account with { Signers = signers.ToValueList() });
            return Success;
        }

        if (account.Signers.Count == Account.MaximumSigners)
        {
            return Fail(SetOptionsResultCode.TooManySigners);
        }

        var reserve = Context.Transaction.SignerReserves.TryAdd(account, signer.Key, signer.Weight);
        return reserve == ReserveResult.Success ? Success : Fail(reserve, SetOptionsResultCode.LowReserve);
    }
}
