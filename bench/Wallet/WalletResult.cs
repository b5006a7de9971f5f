namespace StellarPay.Bench.Wallet;

/// <summary>The figures of one run; with <c>--json</c> this is the object.</summary>
/// <param name="PgbenchTps">The yardstick: the mean of its runs.</param>
/// <param name="PgbenchRuns">Each run of the yardstick, in order.</param>
/// <param name="PaymentsRatio">Complete payments a second by the yardstick, with the few wallets.</param>
/// <param name="BalanceReadsRatio">Balance reads a second by the yardstick.</param>
/// <param name="ConfirmP99Ms">From confirm until the network has answered the first submission, at half of the measured payments a second.</param>
/// <param name="ConfirmP99Transactions">The same in the time that one of the yardstick's transactions took before and after it: what waits for a disk and two processors takes longer where they are slower.</param>
/// <param name="SignupsRatio">Sign-ups a second by the yardstick, with the cheap password hash.</param>
/// <param name="SignupsFullHashRatio">The same with production's password hash.</param>
/// <param name="SignupPasswordHashMs">What production's password hash costs in processor time.</param>
/// <param name="GrowthRatio">Payments a second with the many wallets by that with the few, each by the yardstick before and after it.</param>
/// <param name="IdleWalletKib">Memory of an active wallet that does nothing.</param>
/// <param name="WalletsWrong">Wallets whose balance was not what had been paid; must be 0.</param>
/// <param name="Errors">Everything that went wrong, in all phases.</param>
/// <param name="Phases">The phases.</param>
internal sealed record WalletResult(
    double PgbenchTps,
    IReadOnlyList<double> PgbenchRuns,
    double PaymentsRatio,
    double BalanceReadsRatio,
    double ConfirmP99Ms,
    double ConfirmP99Transactions,
    double SignupsRatio,
    double SignupsFullHashRatio,
    double SignupPasswordHashMs,
    double GrowthRatio,
    double IdleWalletKib,
    int WalletsWrong,
    int Errors,
    IReadOnlyList<Phase> Phases);
