using Rer.Engine.Data; using Rer.Engine.Playground; using Rer.Engine.Rewards;
namespace Rer.Engine.Tests.Playground;
public sealed class ZTmpTests
{
    [Fact] public void Measure()
    {
        var world = new World(1); var book = new QueryBook(world); var mix = new AnswerMix(world); var rubric = new Rubric(new Grammar(world));
        Directory.CreateDirectory("/tmp/pg/data"); PlaygroundData.Write("/tmp/pg/data", book, new PreferenceSource(book, mix, rubric), 1);
        var train = PromptSet.Load("/tmp/pg/data/train.json");
        var rel = LexicalRelevance.Fit(train);
        var r = SeededRandom.From(1, "m"); var sb = new System.Text.StringBuilder();
        double Rel(string a, string b) => rel.Measure([new ScoredItem { Prompt = new PromptItem(0,a,null,null), Query = a, Response = b, Words = [] }])[0].ToQuery!.Value;
        foreach (var n in new[]{1,2,4,6}) { var on=new List<double>(); var off=new List<double>(); 
          for(int i=0;i<500;i++){ var q=QueryBook.Draw(book.Training,1,r); var t=q.Topic!; on.Add(Rel(q.Text,string.Join(' ',AnswerMix.Facts(q.Task,t,n,r)))); off.Add(Rel(q.Text,string.Join(' ',AnswerMix.Facts(q.Task,world.Other(t,r),n,r)))); }
          sb.AppendLine($"OE {n} on {on.Average():f3} off {off.Average():f3}"); }
        foreach (var task in Enum.GetValues<TaskKind>().Where(t=>t>=TaskKind.Fact)) { var refs=book.Training[task]; double right=0,bare=0,wrong=0,wb=0,v=0; 
          foreach(var q in refs.Take(100)){ right+=Rel(q.Reference,q.Reference); bare+=Rel(q.Reference,q.Bare); wrong+=q.Wrong.Average(w=>Rel(q.Reference,w.Sentence)); wb+=q.Wrong.Average(w=>Rel(q.Reference,w.Bare)); v+=Rel(q.Reference,q.Reference+" "+string.Join(' ',AnswerMix.Facts(0,q.Topic??world.All[0],2,r))); }
          var n=Math.Min(100,refs.Count); sb.AppendLine($"{task} right {right/n:f2} bare {bare/n:f2} wrong {wrong/n:f2} wrongbare {wb/n:f2} verbose2 {v/n:f2}"); }
        File.WriteAllText("/tmp/pg/rel.txt", sb.ToString());
    }
}
