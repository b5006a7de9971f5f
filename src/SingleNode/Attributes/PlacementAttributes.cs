using Orleans.Metadata;
using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>How a silo is chosen for a new activation.</summary>
    public abstract class PlacementStrategy
    {
        public virtual bool IsUsingGrainDirectory => true;
    }
}

namespace Orleans.Metadata
{
    /// <summary>An attribute that describes a grain class.</summary>
    public interface IGrainPropertiesProviderAttribute
    {
        void Populate(
            IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties);
    }

    /// <summary>An attribute that names a grain class.</summary>
    public interface IGrainTypeProviderAttribute
    {
        GrainType GetGrainType(IServiceProvider services, Type type);
    }
}

namespace Orleans.Placement
{
    /// <summary>Sets the placement of a grain class.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public abstract class PlacementAttribute : Attribute, IGrainPropertiesProviderAttribute
    {
        protected PlacementAttribute(PlacementStrategy placement) => PlacementStrategy = placement;

        public PlacementStrategy PlacementStrategy { get; }

        public virtual void Populate(
            IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties) =>
            properties["placement-strategy"] = PlacementStrategy.GetType().Name;
    }

    /// <summary>On any silo.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class RandomPlacementAttribute() : PlacementAttribute(new RandomPlacement());

    /// <summary>On the caller's silo where possible.</summary>
    [AttributeUsage(AttributeTargets.Class, AllowMultiple = false)]
    public sealed class PreferLocalPlacementAttribute() : PlacementAttribute(new PreferLocalPlacement());

    internal sealed class RandomPlacement : PlacementStrategy;

    internal sealed class PreferLocalPlacement : PlacementStrategy;
}

namespace Orleans.Concurrency
{
    /// <summary>Several activations of one key, as many as there is work for, on the caller's silo.</summary>
    [AttributeUsage(AttributeTargets.Class)]
    public sealed class StatelessWorkerAttribute : Placement.PlacementAttribute
    {
        public StatelessWorkerAttribute()
            : this(Environment.ProcessorCount)
        {
        }

        public StatelessWorkerAttribute(int maxLocalWorkers)
            : base(new StatelessWorkerPlacement(maxLocalWorkers))
        {
        }

        public override void Populate(
            IServiceProvider services, Type grainClass, GrainType grainType, Dictionary<string, string> properties)
        {
            base.Populate(services, grainClass, grainType, properties);
            properties["max-local-workers"] = ((StatelessWorkerPlacement)PlacementStrategy).MaxLocal
                .ToString(System.Globalization.CultureInfo.InvariantCulture);
        }
    }

    internal sealed class StatelessWorkerPlacement(int maxLocal) : PlacementStrategy
    {
        public int MaxLocal { get; } = maxLocal > 0 ? maxLocal : Environment.ProcessorCount;

        public override bool IsUsingGrainDirectory => false;
    }
}
