using StellarPay.Grains.Costs;
using StellarPay.Grains.Faults;
using StellarPay.Grains.Network;
using StellarPay.Grains.Platform;

namespace StellarPay.Grains.Accounts;

/// <summary>What every account engine needs of the outside.</summary>
/// <param name="Facts">What signing needs, read beside the turns.</param>
/// <param name="Signer">Builds and signs.</param>
/// <param name="Driver">Submits until the ledger decides.</param>
/// <param name="FeePayers">Which fee account pays.</param>
/// <param name="Prices">What the network was heard to ask for an operation.</param>
/// <param name="Faults">Fault points of tests and chaos.</param>
internal sealed record AccountServices(
    SigningFactsReader Facts, SubmissionSigner Signer, SubmissionDriver Driver, FeePayers FeePayers,
    OperationPrices Prices, IFaultPoints Faults);
