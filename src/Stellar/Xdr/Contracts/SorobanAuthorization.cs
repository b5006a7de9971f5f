namespace StellarPay.Stellar.Xdr;

/// <summary>The kinds of functions that can be authorised.</summary>
public enum SorobanAuthorizedFunctionType
{
    /// <summary>A contract's function.</summary>
    ContractFunction = 0,

    /// <summary>The creation of a contract.</summary>
    CreateContract = 1,

    /// <summary>The creation of a contract with arguments for its constructor (CAP-58).</summary>
    CreateContractV2 = 2,
}

/// <summary>A function call that is authorised. XDR's <c>SorobanAuthorizedFunction</c>; exactly one of the two is
/// there.</summary>
public sealed record SorobanAuthorizedFunction : IXdr<SorobanAuthorizedFunction>
{
    /// <summary>A contract's function.</summary>
    /// <param name="call">The call.</param>
    public SorobanAuthorizedFunction(InvokeContractArgs call) => Call = call;

    /// <summary>The creation of a contract.</summary>
    /// <param name="contract">The contract.</param>
    public SorobanAuthorizedFunction(CreateContractArgs contract) => Contract = contract;

    /// <summary>The kind.</summary>
    public SorobanAuthorizedFunctionType Type => Contract switch
    {
        null => SorobanAuthorizedFunctionType.ContractFunction,
        { ConstructorArgs: null } => SorobanAuthorizedFunctionType.CreateContract,
        _ => SorobanAuthorizedFunctionType.CreateContractV2,
    };

    /// <summary>The call, or null.</summary>
    public InvokeContractArgs? Call { get; }

    /// <summary>The contract to create, or null.</summary>
    public CreateContractArgs? Contract { get; }

    /// <inheritdoc/>
    public static SorobanAuthorizedFunction Read(ref XdrReader reader)
    {
        var type = reader.ReadEnum<SorobanAuthorizedFunctionType>();
        return type == SorobanAuthorizedFunctionType.ContractFunction
            ? new SorobanAuthorizedFunction(InvokeContractArgs.Read(ref reader))
            : new SorobanAuthorizedFunction(
                CreateContractArgs.Read(ref reader, type == SorobanAuthorizedFunctionType.CreateContractV2));
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteEnum(Type);
        Call?.Write(writer);
        Contract?.Write(writer);
    }
}

/// <summary>A tree of authorised calls. XDR's <c>SorobanAuthorizedInvocation</c>.</summary>
/// <param name="Function">The call.</param>
/// <param name="SubInvocations">The calls that it may make.</param>
public sealed record SorobanAuthorizedInvocation(
    SorobanAuthorizedFunction Function,
    ValueList<SorobanAuthorizedInvocation> SubInvocations) : IXdr<SorobanAuthorizedInvocation>
{
    /// <inheritdoc/>
    public static SorobanAuthorizedInvocation Read(ref XdrReader reader)
    {
        reader.Enter();
        var invocation = new SorobanAuthorizedInvocation(
            SorobanAuthorizedFunction.Read(ref reader),
            reader.ReadList<SorobanAuthorizedInvocation>());
        reader.Leave();
        return invocation;
    }

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Function.Write(writer);
        writer.WriteList(SubInvocations);
    }
}

/// <summary>An address that authorises by a signature of its own. XDR's <c>SorobanAddressCredentials</c>.</summary>
/// <param name="Address">Who.</param>
/// <param name="Nonce">A number that the address has not used.</param>
/// <param name="SignatureExpirationLedger">The last ledger in which the signature counts.</param>
/// <param name="Signature">The signature, in the form that the address's account contract wants.</param>
public sealed record SorobanAddressCredentials(
    ScAddress Address,
    long Nonce,
    uint SignatureExpirationLedger,
    ScVal Signature) : IXdr<SorobanAddressCredentials>
{
    /// <inheritdoc/>
    public static SorobanAddressCredentials Read(ref XdrReader reader) => new(
        ScAddress.Read(ref reader),
        reader.ReadInt64(),
        reader.ReadUInt32(),
        ScVal.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        Address.Write(writer);
        writer.WriteInt64(Nonce);
        writer.WriteUInt32(SignatureExpirationLedger);
        Signature.Write(writer);
    }
}

/// <summary>Who authorises what. XDR's <c>SorobanAuthorizationEntry</c>.</summary>
/// <param name="Credentials">Who; null for the transaction's source account, whose signature of the transaction
/// does.</param>
/// <param name="RootInvocation">What.</param>
public sealed record SorobanAuthorizationEntry(
    SorobanAddressCredentials? Credentials,
    SorobanAuthorizedInvocation RootInvocation) : IXdr<SorobanAuthorizationEntry>
{
    /// <inheritdoc/>
    // The credentials union (0 source account, 1 address) has the same bytes as an optional value.
    public static SorobanAuthorizationEntry Read(ref XdrReader reader) => new(
        reader.ReadOptional<SorobanAddressCredentials>(),
        SorobanAuthorizedInvocation.Read(ref reader));

    /// <inheritdoc/>
    public void Write(XdrWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteOptional(Credentials);
        RootInvocation.Write(writer);
    }
}
