namespace StellarPay.Grains.Access;

/// <summary>
/// What only grains call of each other. Whoever is a client of the cluster (a front door, in a silo's process or in its own) is
/// refused, by the call filter of each silo. For what the interface itself declares, not what it inherits.
/// </summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class GrainsOnlyAttribute : Attribute;

/// <summary>
/// A method of a <see cref="GrainsOnlyAttribute"/> interface that the host of a silo calls too: it begins or keeps up what must
/// always be, and a repeat changes nothing. Clients in processes of their own are refused.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class AlsoHostsAttribute : Attribute;

/// <summary>What the front door calls for users, who are named in each call and authorised in the grain.</summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class ForUsersAttribute : Attribute;

/// <summary>What the front door calls for operators, and to see how things stand.</summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class ForOperatorsAttribute : Attribute;

/// <summary>
/// What the front door calls for itself: it names no user and moves nothing. Grains are refused, by the call filter of each silo,
/// so that no turn waits for it.
/// </summary>
[AttributeUsage(AttributeTargets.Interface, Inherited = false)]
public sealed class ForDoorsAttribute : Attribute;
