;; The two inner loops of layer.js, four numbers at a time.
;;
;; Both go through `count` rows of weights. The k-th starts at the address that is the k-th of `rows`, plus `from`;
;; of each, `run` bytes count. Numbers are float32, addresses and lengths are in bytes.
;;
;; kernels.wasm is this file, assembled: tests/unit/test_kernels.py says so, and how to make it anew.

(module
  (import "env" "memory" (memory 1))

  ;; The run at `to` grows by the sum of amounts[k] times row k.
  (func (export "addRows")
    (param $to i32) (param $run i32) (param $from i32) (param $rows i32) (param $amounts i32) (param $count i32)
    (local $end i32) (local $lastRow i32) (local $row i32) (local $rowAt i32) (local $amountAt i32)
    (local $a v128) (local $s0 v128) (local $s1 v128) (local $s2 v128) (local $s3 v128) (local $sum f32)
    (local.set $end (i32.add (local.get $to) (local.get $run)))
    (local.set $lastRow (i32.add (local.get $rows) (i32.shl (local.get $count) (i32.const 2))))
    (if (i32.eqz (local.get $count)) (then (return)))

    ;; sixteen numbers of the run at once
    (block $narrow
      (loop $wide
        (br_if $narrow (i32.gt_u (i32.add (local.get $to) (i32.const 64)) (local.get $end)))
        (local.set $s0 (v128.load (local.get $to)))
        (local.set $s1 (v128.load offset=16 (local.get $to)))
        (local.set $s2 (v128.load offset=32 (local.get $to)))
        (local.set $s3 (v128.load offset=48 (local.get $to)))
        (local.set $rowAt (local.get $rows))
        (local.set $amountAt (local.get $amounts))
        (loop $next
          (local.set $row (i32.add (i32.load (local.get $rowAt)) (local.get $from)))
          (local.set $a (v128.load32_splat (local.get $amountAt)))
          (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $a) (v128.load (local.get $row)))))
          (local.set $s1 (f32x4.add (local.get $s1) (f32x4.mul (local.get $a) (v128.load offset=16 (local.get $row)))))
          (local.set $s2 (f32x4.add (local.get $s2) (f32x4.mul (local.get $a) (v128.load offset=32 (local.get $row)))))
          (local.set $s3 (f32x4.add (local.get $s3) (f32x4.mul (local.get $a) (v128.load offset=48 (local.get $row)))))
          (local.set $amountAt (i32.add (local.get $amountAt) (i32.const 4)))
          (local.set $rowAt (i32.add (local.get $rowAt) (i32.const 4)))
          (br_if $next (i32.lt_u (local.get $rowAt) (local.get $lastRow))))
        (v128.store (local.get $to) (local.get $s0))
        (v128.store offset=16 (local.get $to) (local.get $s1))
        (v128.store offset=32 (local.get $to) (local.get $s2))
        (v128.store offset=48 (local.get $to) (local.get $s3))
        (local.set $to (i32.add (local.get $to) (i32.const 64)))
        (local.set $from (i32.add (local.get $from) (i32.const 64)))
        (br $wide)))

    ;; four
    (block $single
      (loop $four
        (br_if $single (i32.gt_u (i32.add (local.get $to) (i32.const 16)) (local.get $end)))
        (local.set $s0 (v128.load (local.get $to)))
        (local.set $rowAt (local.get $rows))
        (local.set $amountAt (local.get $amounts))
        (loop $next
          (local.set $row (i32.add (i32.load (local.get $rowAt)) (local.get $from)))
          (local.set $a (v128.load32_splat (local.get $amountAt)))
          (local.set $s0 (f32x4.add (local.get $s0) (f32x4.mul (local.get $a) (v128.load (local.get $row)))))
          (local.set $amountAt (i32.add (local.get $amountAt) (i32.const 4)))
          (local.set $rowAt (i32.add (local.get $rowAt) (i32.const 4)))
          (br_if $next (i32.lt_u (local.get $rowAt) (local.get $lastRow))))
        (v128.store (local.get $to) (local.get $s0))
        (local.set $to (i32.add (local.get $to) (i32.const 16)))
        (local.set $from (i32.add (local.get $from) (i32.const 16)))
        (br $four)))

    ;; one
    (block $done
      (loop $one
        (br_if $done (i32.ge_u (local.get $to) (local.get $end)))
        (local.set $sum (f32.load (local.get $to)))
        (local.set $rowAt (local.get $rows))
        (local.set $amountAt (local.get $amounts))
        (loop $next
          (local.set $sum (f32.add (local.get $sum)
            (f32.mul (f32.load (local.get $amountAt)) (f32.load (i32.add (i32.load (local.get $rowAt)) (local.get $from))))))
          (local.set $amountAt (i32.add (local.get $amountAt) (i32.const 4)))
          (local.set $rowAt (i32.add (local.get $rowAt) (i32.const 4)))
          (br_if $next (i32.lt_u (local.get $rowAt) (local.get $lastRow))))
        (f32.store (local.get $to) (local.get $sum))
        (local.set $to (i32.add (local.get $to) (i32.const 4)))
        (local.set $from (i32.add (local.get $from) (i32.const 4)))
        (br $one))))

  ;; amounts[k] grows by the sum of the products of the run at `to` and row k.
  (func (export "dotRows")
    (param $to i32) (param $run i32) (param $from i32) (param $rows i32) (param $amounts i32) (param $count i32)
    (local $end i32) (local $lastRow i32) (local $row i32) (local $at i32) (local $s v128) (local $sum f32)
    (local.set $end (i32.add (local.get $to) (local.get $run)))
    (local.set $lastRow (i32.add (local.get $rows) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $rows) (local.get $lastRow)))
        (local.set $row (i32.add (i32.load (local.get $rows)) (local.get $from)))
        (local.set $at (local.get $to))
        (local.set $s (v128.const f32x4 0 0 0 0))
        (block $single
          (loop $four
            (br_if $single (i32.gt_u (i32.add (local.get $at) (i32.const 16)) (local.get $end)))
            (local.set $s (f32x4.add (local.get $s) (f32x4.mul (v128.load (local.get $at)) (v128.load (local.get $row)))))
            (local.set $at (i32.add (local.get $at) (i32.const 16)))
            (local.set $row (i32.add (local.get $row) (i32.const 16)))
            (br $four)))
        (local.set $sum (f32.add
          (f32.add (f32x4.extract_lane 0 (local.get $s)) (f32x4.extract_lane 1 (local.get $s)))
          (f32.add (f32x4.extract_lane 2 (local.get $s)) (f32x4.extract_lane 3 (local.get $s)))))
        (block $whole
          (loop $one
            (br_if $whole (i32.ge_u (local.get $at) (local.get $end)))
            (local.set $sum (f32.add (local.get $sum) (f32.mul (f32.load (local.get $at)) (f32.load (local.get $row)))))
            (local.set $at (i32.add (local.get $at) (i32.const 4)))
            (local.set $row (i32.add (local.get $row) (i32.const 4)))
            (br $one)))
        (f32.store (local.get $amounts) (f32.add (f32.load (local.get $amounts)) (local.get $sum)))
        (local.set $amounts (i32.add (local.get $amounts) (i32.const 4)))
        (local.set $rows (i32.add (local.get $rows) (i32.const 4)))
        (br $next))))
)
