using CsCheck;
using Palio.Protocol.Spaces;

namespace Palio.Protocol.Tests.Spaces;

/// <summary>Spaces of all kinds.</summary>
internal static class AnySpace
{
    private static readonly Gen<int[]> Shape = Gen.Int[1, 4].Array[0, 3];

    private static readonly Gen<Space> Leaf = Gen.OneOf(
        Shape.Select(shape => (Space)BoxSpace.Create<byte>(shape)),
        Gen.Select(Shape, Gen.Single[-1000, 0], Gen.Single[0, 1000]).Select((shape, low, high) => (Space)BoxSpace.Create<float>(shape, low, high)),
        Gen.Select(Shape, Gen.Double[-1, 0]).Select((shape, low) => (Space)BoxSpace.Create<double>(shape, low)),
        Gen.Select(Gen.Short, Gen.Short).Select((a, b) => (Space)BoxSpace.Create<short>([2], [Math.Min(a, b), 0], [Math.Max(a, b), 1])),
        Shape.Select(shape => (Space)BoxSpace.Create<bool>(shape)),
        Shape.Select(shape => (Space)BoxSpace.Create<Half>(shape, (Half)(-2), (Half)2)),
        Gen.Select(Gen.Long[1, 1000], Gen.Long[-1000, 1000]).Select((n, start) => (Space)new DiscreteSpace(n, start)),
        Gen.Long[1, 9].Array[1, 5].Select(counts => (Space)new MultiDiscreteSpace(counts)),
        Shape.Select(shape => (Space)new MultiBinarySpace(shape)),
        Gen.Select(Gen.Int[0, 3], Gen.Int[3, 20]).Select((min, max) => (Space)new TextSpace(max, min, max > 10 ? "aé€😀" : null)));

    public static Gen<Space> Gen3 { get; } = Deep(3);

    private static Gen<Space> Deep(int levels) => levels == 0 ? Leaf : Gen.OneOf(
        Leaf,
        Deep(levels - 1).Array[1, 3].Select(members => (Space)new TupleSpace(members)),
        Gen.Select(Gen.String[1, 5].Array[1, 4], Deep(levels - 1)).Select((names, member) => (Space)new DictSpace(
            names.Where(IsText).Append("always").Distinct().Select(name => KeyValuePair.Create(name, member)))),
        Gen.Select(Deep(levels - 1), Gen.Int[0, 9]).Select((element, most) => (Space)new SequenceSpace(element, Math.Max(1, most))));

    // Half of a surrogate pair is no text.
    private static bool IsText(string name) => name.Length > 0 && !name.Any(char.IsSurrogate);
}
