namespace StellarPay.Stellar;

/// <summary>Why a text is not an amount.</summary>
public enum StellarAmountError
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It has something other than digits and one dot between digits.</summary>
    Syntax,

    /// <summary>It has more than seven decimal places.</summary>
    Places,

    /// <summary>It is more than 922337203685.4775807, which is 2^63 - 1 stroops.</summary>
    Overflow,
}
